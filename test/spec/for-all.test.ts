/** `forAll` instead of a formula or a fairness constraint, and `forEach`, its old name there. */
import { describe, expect, it } from 'vitest'
import {
  always,
  check,
  eventually,
  forAll,
  forEach,
  goto,
  implies,
  leadsTo,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  spec,
  steps,
  strong,
  thread,
  weak,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'
import { temporalInstances } from '../../src/spec/temporal-instances.ts'

const File = members('file', 2)
const State = schema({ owner: mapOf(File, oneOf('free', 'taken')), truncate: thread({ file: File }, 'idle', 'locked') })

/** A model whose formulas and fairness constraints are quantified by `quantify`. */
function quantifiedBy(quantify: typeof forEach): Model {
  return model(State, {
    init: State(),
    threads: {
      truncate: {
        at: {
          idle: (s, { file }) => s.setIn(['owner', file], 'taken'),
          locked: (s, { file }) => goto('idle', s.setIn(['owner', file], 'free')),
        },
      },
    },
    deadlock: false,
    temporal: {
      ends: quantify({ file: File }, ({ file }) =>
        leadsTo(
          (s) => s.truncate.get(file) === 'locked',
          (s) => s.owner.get(file) === 'free',
        ),
      ),
      inside: eventually(quantify({ file: File }, ({ file }) => always((s) => s.owner.get(file) === 'free'))),
      nested: quantify({ file: File }, ({ file }) =>
        quantify({ n: range(0, 1) }, ({ n }) => eventually((s) => n < 1 || s.owner.get(file) === 'taken')),
      ),
      implied: implies(
        quantify({ file: File }, ({ file }) => eventually((s) => s.owner.get(file) === 'taken')),
        quantify({ file: File }, ({ file }) => eventually((s) => s.truncate.get(file) === 'locked')),
      ),
    },
    fairness: {
      each: quantify({ file: File }, ({ file }) => weak(steps('truncate', { file }))),
      nested: quantify({ file: File }, ({ file }) =>
        quantify({ except: oneOf('idle', 'locked') }, ({ except }) =>
          strong(steps('truncate', { file }, { except: [except] })),
        ),
      ),
    },
  })
}

describe('forAll of formulas and fairness constraints', () => {
  it('has an instance for each binding', () => {
    const { properties, fairness } = quantifiedBy(forAll)
    const named = (name: string): string[] =>
      temporalInstances(properties.find((it) => it.name === name)!).map(({ who }) => who)
    expect(named('ends')).toEqual(['temporal "ends(file1)"', 'temporal "ends(file2)"'])
    expect(named('nested')).toHaveLength(4)
    expect(named('nested')[1]).toBe('temporal "nested(file1, n=1)"')
    expect(named('inside')).toEqual(['temporal "inside"'])
    expect(fairness.map(({ name, bindings }) => [name, ...Object.values(bindings)])).toEqual([
      ['each', 'file1'],
      ['each', 'file2'],
      ['nested', 'file1', 'idle'],
      ['nested', 'file1', 'locked'],
      ['nested', 'file2', 'idle'],
      ['nested', 'file2', 'locked'],
    ])
  })

  it('works under its old name, forEach', async () => {
    const outcome = async (quantify: typeof forEach): Promise<unknown> => {
      const { properties, traces } = await check(spec({ name: 'quantified', model: () => quantifiedBy(quantify) }))
      const steps = traces.map((trace) => trace.steps.slice(1).map(({ action, bindings }) => [action, bindings]))
      return [properties.map(({ name, result }) => [name, result]), steps]
    }
    const before = await outcome(forEach)
    expect(before).toEqual([
      [
        ['ends', 'holds'],
        ['inside', 'violated'],
        ['nested', 'holds'],
        ['implied', 'holds'],
      ],
      [
        [
          ['truncate.idle', { file: 'file1' }],
          ['truncate.idle', { file: 'file2' }],
          ['truncate.locked', { file: 'file1' }],
          ['truncate.locked', { file: 'file2' }],
        ],
      ],
    ])
    expect(await outcome(forAll)).toEqual(before)
  })
})
