/** Calls each function of `src/errors` that makes an error, with each kind of hint. */
import { describe, expect, it } from 'vitest'
import * as errors from '../src/errors.ts'
import { ERRORS } from '../scripts/error-entries.ts'

const domain = errors.outsideDomain('n', '4', '0..3')

/** The first test fails for a function without a call. */
const CALLS: { readonly [name: string]: readonly errors.CheckerError[] } = {
  defect: [errors.defect('a node is missing')],
  workerLost: [errors.workerLost('exit 1')],
  badOption: [
    errors.badOption('unknown option --depth'),
    errors.badOption('unknown option --depth', 'use --max-depth'),
  ],
  unknownOption: [errors.unknownOption('option', 'constant', ['constants', 'continue'])],
  unknownName: [['size'], []].map((names) => errors.unknownName('constant', 'sizes', names, 'the spec')),
  badConstant: [
    errors.badConstant('size', '9', '1..5'),
    errors.badConstant('order', '"[a,c]"', 'list of at most 2 of (a | b)', '"c" at character 4 is not one of a | b'),
  ],
  assumptionFalse: [errors.assumptionFalse('slow is small', 'size=9')],
  fileFailed: [
    errors.fileFailed('read', 'a.ts', 'EACCES'),
    errors.fileFailed('read', 'a.ts', 'ENOENT'),
    errors.fileFailed('write', 'a.ts', 'ENOENT'),
  ],
  noCurrentFolder: [errors.noCurrentFolder('ENOENT')],
  badTrace: [errors.badTrace('t.json', 'it has no states')],
  badEvent: [undefined, 'use one of up, down'].map((hint) => errors.badEvent('a.ndjson:3', 'has no action', hint)),
  notAnAutomaton: [errors.notAnAutomaton('it is not deterministic', 'choose other constants')],
  notAMap: [errors.notAMap('map.ts')],
  badCheckpoint: [errors.badCheckpoint('run', 'the manifest is damaged')],
  unsuitedForCheckpoints: [errors.unsuitedForCheckpoints()],
  clusterFailed: [errors.clusterFailed('the NATS server', 'it must answer, but does not')],
  anotherRun: [errors.anotherRun()],
  damagedMessage: [errors.damagedMessage('a message', 'its checksum is wrong')],
  lostStates: [errors.lostStates(3, 4, 5)],
  unequalCounts: [errors.unequalCounts(4, 5)],
  runOfAnotherSpec: [errors.runOfAnotherSpec()],
  anotherCoordinator: [errors.anotherCoordinator()],
  packageMissing: [errors.packageMissing(['mermaid', 'dot'], 'a picture', 'write text')],
  specNotLoaded: [errors.specNotLoaded('a.ts', 'there is no such file', 'a.ts:1:1')],
  constantTooEarly: [undefined, 'a.ts -> b.ts'].map((circle) =>
    errors.constantTooEarly('a.ts', '"top"', 'a.ts:1:1', circle),
  ),
  notASpec: ['a.ts', 'a.cjs'].map((path) => errors.notASpec(path, 'undefined')),
  unknownField: [errors.unknownField('State', 'm', ['n']), errors.unknownField('Lease', 'hold', ['holder'])],
  badDomain: [errors.badDomain('range(3, 2)', 'is empty', 'write range(2, 3)')],
  nameClash: [errors.nameClash('property', 'x', 'is defined twice')],
  badDefinition: [errors.badDefinition('the model', 'has no action')],
  noInitialState: [errors.noInitialState()],
  initialOutsideDomain: [domain, errors.undefinedValue('n')].map(errors.initialOutsideDomain),
  definitionThrew: [errors.definitionThrew('the model', 'TypeError: no', undefined)],
  unknownPart: [errors.unknownPart('part', 'invariant', ['invariants'], 'the model')],
  tooManyInitialStates: [errors.tooManyInitialStates(10_000_000)],
  typesWrong: [errors.typesWrong("Cannot find name 'n' (TS2304)", 'a.ts:1:1', [['more', '2 more type errors']])],
  undefinedValue: [errors.undefinedValue('n')],
  outsideDomain: [domain],
  notAValue: [errors.notAValue('n', 'a Map')],
  tooManyValues: [errors.tooManyValues(1000)],
  graphTooLarge: [errors.graphTooLarge('nodes', 1000)],
  unsuitedForDiagrams: [errors.unsuitedForDiagrams('a variable has too many values')],
  heapExhausted: [errors.heapExhausted()],
  disagreement: [errors.disagreement('action "up"', 'n is 1 and 2')],
  impure: [errors.impure('action "up"', 'it read the clock')],
  threw: [errors.threw('action "up"', 'TypeError: no')],
  notAState: ['a plain object', 'a promise', '5'].map((returned) => errors.notAState('action "up"', returned)),
  badStep: [errors.badStep('step "up"', 'has no next label', 'return goto(label)')],
  notABoolean: ['undefined', 'a promise', '5'].map((returned) => errors.notABoolean('invariant "i"', returned)),
  tooManySuccessors: [errors.tooManySuccessors('action "up"', 1000)],
  notSymmetric: [undefined, 'p1 for p2'].map((permutation) => errors.notSymmetric('action "up"', permutation)),
  notAnInteger: ['undefined', '0.5'].map((returned) => errors.notAnInteger('measure "m"', returned)),
  neverReturned: [errors.neverReturned('action "up"', 1500)],
  callTooDeep: [1, 2].map((depth) => errors.callTooDeep('step "run"', 'lock', depth)),
  notAnAbstractState: [errors.notAnAbstractState('refinement "queue"', 'queue', 'left out "queue"')],
  doesMoreThanAnswer: [errors.doesMoreThanAnswer('exists', 'found', 'a.ts:1:1')],
  notAView: ['undefined', 'a promise'].map((returned) => errors.notAView(returned)),
  badNote: ['3', 'a promise'].map((returned) => errors.badNote('the note of action "up"', returned)),
  notAnAlias: ['3', 'a promise'].map((returned) => errors.notAnAlias('alias', returned)),
}

/** Functions that do not make errors. */
const OTHERS = ['CheckerError', 'assert', 'nearestName']

/** Functions that make an error by another function, so they share its code. */
const SHARED: { readonly [name: string]: string } = {
  noCurrentFolder: 'fileFailed',
  constantTooEarly: 'specNotLoaded',
  unknownOption: 'badOption',
  anotherRun: 'clusterFailed',
  lostStates: 'damagedMessage',
  unequalCounts: 'damagedMessage',
  runOfAnotherSpec: 'damagedMessage',
}

/** Hints that are a question. */
const OTHER_HINTS = /^did you mean "[^"]+"\?$/
const IMPERATIVE =
  /^(?:change|check|choose|create|do not|end|give|limit|look|move|name|raise|read|return|run|use|widen|write)\b/

describe('the errors', () => {
  it('are all tested here', () => {
    const makers = Object.keys(errors).filter((name) => !OTHERS.includes(name))
    expect(Object.keys(CALLS).toSorted()).toEqual(makers.toSorted())
  })

  it('each have their own code', () => {
    const owners = new Map<string, string>()
    for (const [name, made] of Object.entries(CALLS)) {
      for (const { code } of made) {
        expect(code, name).toMatch(/^KR[1-59]\d\d$/)
        const owner = SHARED[name] ?? name
        expect(owners.get(code) ?? owner, code).toBe(owner)
        owners.set(code, owner)
      }
    }
    expect(owners.size).toBe(Object.keys(CALLS).length - Object.keys(SHARED).length)
    expect(Object.keys(ERRORS)).toEqual([...owners.keys()].toSorted())
  })

  it.each(Object.entries(CALLS))('name the mistake without a full stop, and the remedy: %s', (_, made) => {
    for (const { message, hint, details } of made) {
      expect(message).toMatch(/^\S[^\n]*[^\s.]$/)
      expect(message).not.toMatch(/\[object|NaN/)
      for (const [label, value] of details) expect([label, value]).not.toContain('')
      if (hint === undefined) continue
      expect(hint).not.toMatch(/\.$|\n/)
      if (!OTHER_HINTS.test(hint)) expect(hint).toMatch(IMPERATIVE)
    }
  })
})
