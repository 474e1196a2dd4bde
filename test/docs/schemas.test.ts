/** Every JSON document that Kripke prints has the fields that `schemas/` describes, and no others. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { main as Main } from '../../src/cli/command-line.ts'
import { blocksOf, pagesOf } from '../../scripts/docs-pages.ts'
import { closed, DOCUMENTS, schemaOf, schemaText } from '../../scripts/schemas.ts'
import { kripke, ROOT } from '../cli/kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const PETERSON = 'specs/classic/peterson.ts'
const TRUNCATE = 'specs/truncate-dma.ts'
const TRACE = 'specs/truncate-dma/wait-allocated.trace --map specs/truncate-dma/trace-map.ts'
const TWO_PHASE = 'specs/classic/two-phase-commit.ts'

/** A spec with measures, a constraint, a union of places that a conjunct reads, and an alias that fails if nothing happens. */
const GROWING = `
import { action, always, eventually, forAll, mapOf, members, model, ofStep, oneOf, range, schema, spec } from 'kripke'
const Cell = members('cell', 2)
const State = schema({ n: range(0, 3), held: mapOf(Cell, oneOf('free', 'taken')) })
export default spec({
  name: 'growing',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        grow: action((s) => (s.get('n') < 3 ? s.set('n', s.get('n') + 1) : undefined)),
        take: action({ cell: Cell }, (s, { cell }) => s.setIn(['held', cell], 'taken')),
      },
      invariants: { few: { small: (s) => s.get('n') < 2, free: forAll({ cell: Cell }, (s, { cell }) => s.get('held').get(cell) === 'free') } },
      temporal: { grows: eventually((s) => s.get('n') === 3), stays: always((s) => s.get('n') >= 0) },
      constraints: { narrow: (s) => s.get('n') < 3 },
      measures: { size: (s) => s.get('n'), change: ofStep(({ before, after }) => after.get('n') - before.get('n')) },
      deadlock: false,
      alias: (s, { action }) => (action === 'stutter' ? 'not an object' : { size: s.get('n') }),
    }),
})
`

/** A spec with a priority and an atomic section. */
const SCHEDULED = `
import { model, preempts, schema, spec, thread } from 'kripke'
const State = schema({ cpu: thread('read', 'write', 'end', { atomic: ['read', 'write'] }) })
export default spec({
  name: 'scheduled',
  model: () =>
    model(State, {
      init: State(),
      actions: { tick: (s) => s },
      threads: { cpu: { at: { read: (s) => s, write: (s) => s, end: {} } } },
      priorities: { cpuFirst: preempts('cpu', 'tick') },
    }),
})
`

/** A spec whose refinement fails at a step, at a value outside its domain, and in liveness. */
const REFINED = `
import { model, range, refines, schema, spec } from 'kripke'
const State = schema({ n: range(0, 5) })
const counter = spec({
  name: 'counter',
  model: () => model(State, { init: State(), actions: { up: (s) => (s.get('n') < 5 ? s.set('n', s.get('n') + 1) : undefined) } }),
})
export default spec({
  name: 'refined',
  model: () =>
    model(State, {
      init: State(),
      actions: { up: (s) => (s.get('n') < 4 ? s.set('n', s.get('n') + 2) : undefined) },
      refinements: { step: refines(counter, (s) => s), domain: refines(counter, (s) => ({ n: s.get('n') + (s.get('n') > 0 ? 5 : 0) })) },
      deadlock: false,
    }),
})
`

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
const validators = new Map<string, ValidateFunction>()

/** The names of the fields that the documents have, wherever. */
const seen = new Set<string>()

function see(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, it] of Object.entries(value)) {
    if (!Array.isArray(value)) seen.add(name)
    see(it)
  }
}

/** The names of the fields that a schema describes, wherever. */
function described(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([keyword, value]) => [
    ...(keyword === 'properties' && 'type' in schema ? Object.keys(value as object) : []),
    ...described(value),
  ])
}

/** What is wrong with a document, for a schema without room for other fields. */
function complaints(name: string, document: unknown): string[] {
  see(document)
  const validate = validators.get(name) ?? ajv.compile(closed(schemaOf(name)))
  validators.set(name, validate)
  return validate(document) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`)
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-schemas-'))
  writeFileSync(join(folder, 'growing.ts'), GROWING)
  writeFileSync(join(folder, 'refined.ts'), REFINED)
  writeFileSync(join(folder, 'scheduled.ts'), SCHEDULED)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The arguments of commands, and the schema of what each prints. `FOLDER` is a temporary folder. */
const RUNS: readonly (readonly [schema: string, status: number, args: string])[] = [
  ['check', 0, `check ${COUNTER}`],
  ['check', 11, `check ${COUNTER} -c fault=deadlock`],
  ['check', 12, `check ${COUNTER} -c fault=invariant --continue --profile`],
  ['check', 13, `check ${COUNTER} -c fault=transition`],
  ['check', 124, `check ${COUNTER} --max-depth 2`],
  ['check', 153, `check ${COUNTER} --trace text:/dev/full`],
  ['check', 0, `check ${TWO_PHASE} --profile`],
  ['check', 0, `check ${TWO_PHASE} --engine symbolic`],
  ['check', 0, `check ${TWO_PHASE} --por on`],
  ['check', 0, `check ${TWO_PHASE} --engine symbolic -c resourceManagers=24`],
  ['check', 0, 'check specs/classic/dining-philosophers.ts -c philosophers=2 -c design=ordered'],
  ['check', 12, 'check specs/kernel/write-ahead-log.ts -c flushes=[commit,checkpoint]'],
  ['check', 12, 'check FOLDER/growing.ts --continue'],
  ['check', 13, 'check FOLDER/refined.ts --continue'],
  ['check', 13, 'check FOLDER/growing.ts --property grows'],
  ['check', 124, 'check FOLDER/growing.ts --property stays'],
  ['check', 0, 'check FOLDER/growing.ts --property stays --liveness-under-constraints'],
  ['error', 10, `check ${COUNTER} -c fault=deadlock -c most=1`],
  ['error', 75, `check ${COUNTER} -c fault=throw`],
  ['error', 75, `check ${COUNTER} -c fault=domain`],
  ['error', 75, `check ${COUNTER} -c fault=clock`],
  ['error', 150, 'check test/cli/specs/no-spec.ts'],
  ['error', 151, `check ${COUNTER} -c most=99`],
  ['error', 151, `check ${COUNTER} --no-such-option`],
  ['error', 150, 'check there-is-none.ts'],
  ['compare', 11, `compare ${PETERSON} --vary design`],
  ['compare', 75, `compare ${COUNTER} --vary fault=none,throw,deadlock`],
  ['compare', 0, `compare ${COUNTER} --vary idle --vary most=2,3`],
  ['bench', 0, `bench ${COUNTER} --sweep most=1..5`],
  ['bench', 0, `bench ${COUNTER} --sweep most=2..3 --max-states 6`],
  ['bench', 75, `bench ${COUNTER} --sweep fault=none,throw`],
  ['simulate', 12, 'simulate specs/classic/die-hard.ts --seed 7'],
  ['simulate', 0, `simulate ${PETERSON} --seed 7 --runs 20`],
  ['error', 75, `simulate ${COUNTER} --seed 7 -c fault=throw`],
  ['conform', 0, `conform ${TRUNCATE} ${TRACE} -c design=wait-allocated`],
  ['conform', 14, `conform ${TRUNCATE} ${TRACE} -c design=none`],
  ['conform', 14, `conform ${TRUNCATE} ${TRACE} -c design=busy-page -c files=1`],
  ['conform', 151, `conform ${COUNTER} ${TRUNCATE}`],
  ['mutate', 0, `mutate ${PETERSON}`],
  ['error', 151, `mutate ${TWO_PHASE} --max-states 10`],
  ['info', 0, `info ${COUNTER}`],
  ['info', 0, `info ${PETERSON}`],
  ['info', 0, 'info FOLDER/growing.ts'],
  ['info', 0, 'info FOLDER/scheduled.ts'],
]

describe('the JSON documents', () => {
  it.each(RUNS)('%s, status %i: kripke %s', async (name, expected, args) => {
    const { status, stdout } = await kripke([...args.replaceAll('FOLDER', folder).split(' '), '--json'])
    expect([status, complaints(name, JSON.parse(stdout))]).toEqual([expected, []])
  })

  it('of events are described', async () => {
    for (const [fault, last] of [
      ['none', 'result'],
      ['throw', 'error'],
    ]) {
      const { stdout } = await kripke(['check', COUNTER, '-c', `fault=${fault}`, '--ndjson'])
      const events = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly event: string })
      for (const event of events) expect(complaints('event', event)).toEqual([])
      expect(events.at(-1)!.event).toBe(last)
    }
    const progress = { event: 'progress', generated: 3, distinct: 2, depth: 1, pending: 1, elapsedMs: 0.5 }
    expect(complaints('event', progress)).toEqual([])
    expect(complaints('event', { ...progress, more: 1 })).not.toEqual([])
  })

  it('of events of --watch are described', async () => {
    const { main } = (await import(pathToFileURL(join(ROOT, 'dist/cli/command-line.mjs')).href)) as {
      main: typeof Main
    }
    const path = join(folder, 'watched.ts')
    const versions = ['few', 'size'].map((name) => GROWING.replace('few:', `${name}:`))
    const asked = new AbortController()
    let printed = ''
    const events = (): { readonly event: string }[] =>
      printed
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    writeFileSync(path, versions[0]!)
    const status = await main(['check', path, '--watch', '--ndjson'], {
      stdout: {
        isTTY: false,
        columns: 100,
        write: (text) => {
          printed += text
          if (!text.includes('"event":"waiting"')) return
          if (events().filter(({ event }) => event === 'waiting').length > 1) asked.abort('SIGINT')
          else writeFileSync(path, versions[1]!)
        },
      },
      stderr: { isTTY: false, columns: 100, write: () => {} },
      signal: asked.signal,
    })
    expect(status).toBe(130)
    expect(events().flatMap((event) => complaints('event', event))).toEqual([])
    const kinds = events().map(({ event }) => event)
    expect(kinds.filter((event) => event !== 'progress')).toEqual([
      'run',
      'result',
      'waiting',
      'run',
      'result',
      'waiting',
    ])
    expect(events().at(-1)).toHaveProperty('changes', expect.arrayContaining([expect.objectContaining({ from: null })]))
  })

  it('of saved traces and replays are described', async () => {
    const traces = join(folder, 'traces.json')
    const itf = join(folder, 'kept.itf.json')
    const args = ['-c', 'fault=invariant', '--trace', `json:${traces}`, '--trace', `itf:${itf}`]
    await kripke(['check', COUNTER, ...args])
    expect(complaints('traces', JSON.parse(readFileSync(traces, 'utf8')))).toEqual([])
    for (const [fault, expected] of [
      ['invariant', 12],
      ['none', 124],
    ] as const) {
      const { status, stdout } = await kripke(['replay', itf, '-c', `fault=${fault}`, '--json'])
      expect([status, complaints('replay', JSON.parse(stdout))]).toEqual([expected, []])
    }
    await kripke(['check', COUNTER, '-c', 'fault=throw', '--trace', `itf:${itf}`])
    const { status, stdout } = await kripke(['replay', itf, '--json'])
    expect([status, complaints('replay', JSON.parse(stdout))]).toEqual([75, []])
  })

  it('fail if a field is wrong, missing or not described', async () => {
    const { stdout } = await kripke(['check', COUNTER, '-c', 'fault=invariant', '--json'])
    const document = JSON.parse(stdout) as { [field: string]: any }
    const [trace] = document['traces'] as [{ steps: object[] }]
    const { verdict: _, ...without } = document
    for (const wrong of [
      without,
      { ...document, verdict: 'maybe' },
      { ...document, more: 1 },
      { ...document, warnings: [{ code: 'never-heard-of', name: 'a', text: 'b' }] },
      { ...document, traces: [{ ...trace, steps: trace.steps.map((step) => ({ ...step, more: 1 })) }] },
    ]) {
      expect(complaints('check', wrong)).not.toEqual([])
    }
  })
})

describe('the schemas', () => {
  const written = readdirSync(join(ROOT, 'schemas'))

  it('are those of the documents', () => {
    expect(written).toEqual(
      Object.keys(DOCUMENTS)
        .map((name) => `${name}.json`)
        .toSorted(),
    )
  })

  it.each(Object.keys(DOCUMENTS))('are what npm run docs writes, and accept more fields: %s', async (name) => {
    const text = readFileSync(join(ROOT, `schemas/${name}.json`), 'utf8')
    expect(text).toBe(await schemaText(name))
    const schema = JSON.parse(text) as object
    expect(ajv.validateSchema(schema)).toBe(true)
    expect(text).not.toContain('"additionalProperties": false')
    expect(text).toContain('https://json-schema.org/draft/2020-12/schema')
  })

  it('are in the package', () => {
    const { files, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly files: readonly string[]
      readonly exports: object
    }
    expect(files).toContain('schemas')
    expect(exports).toHaveProperty(['./schemas/*.json'], './schemas/*.json')
  })

  it('describe every example in the docs', () => {
    const examples = pagesOf(ROOT).flatMap((path) => blocksOf(readFileSync(join(ROOT, path), 'utf8'), 'document'))
    expect(examples.length).toBeGreaterThan(3)
    for (const { of, text } of examples) expect([of, complaints(of, JSON.parse(text))]).toEqual([of, []])
  })

  it('describe only fields that some document above has', () => {
    const names = Object.keys(DOCUMENTS).flatMap((name) => described(schemaOf(name)))
    expect([...new Set(names)].filter((name) => !seen.has(name))).toEqual([
      // Another engine starts after two million states.
      'engineChange',
    ])
  })
})
