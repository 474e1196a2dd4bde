import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'acorn'
import { build, transformSync } from 'esbuild'
import { Set as ValueSet } from 'immutable'
import { model, range, schema, spec } from 'kripke'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphDigest } from '../../src/api/mutants/graph-digest.ts'
import { reachOf } from '../../src/api/mutants/reach.ts'
import { openWalk } from '../../src/api/walk/walk.ts'
import { mutantsOf, type Mutant } from '../../src/cli/mutate/mutants.ts'
import { loadProbe } from '../../src/cli/mutate/probe.ts'
import { bundleOptions } from '../../src/cli/spec-loader/bundle-options.ts'
import { callText } from '../../src/spec/bindings.ts'
import type { State } from '../../src/spec/model.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { first } from '../support/amount.ts'
import { kripke, kripkeJson, kripkeProcess, ROOT } from './kripke.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-mutate-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A counter up to 3. Nothing says that it may not go below, or that `reset` comes only at the end. */
const COUNTER = `import { action, constant, model, range, schema, spec, weak } from 'kripke'
const State = schema({ n: range(0, 4), resets: range(0, 1) })
export default spec({
  name: 'counter',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        up: (s) => (s.n < 3 ? s.set('n', s.n + 1) : undefined),
        reset: (s) => {
          if (s.n !== 3 || s.resets === 1) return undefined
          return s.merge({ n: 0, resets: 1 })
        },
        end: (s) => (s.n === 3 ? s : undefined),
      },
      invariants: { low: (s) => s.n < 4 && s.n + 1 > 0 },
      goals: { again: (s) => s.resets === 1 && s.n === 0 },
    }),
})
`

/** A counter whose actions and claims share a function. */
const SYSTEM = `import { always, model, range, schema, spec } from 'kripke'
const State = schema({ n: range(0, 3), on: range(0, 1) })
const small = (s) => s.n <= 3 && s.n >= 0
const late = (most) => (most > 1 ? (s) => s.n <= most : (s) => s.n < 9)
const isAt = (s, at) => s.n + 1 > at && s.n < at + 1
const step = (n, on) => (on === 1 ? n - 1 : n + 1)
export default spec({
  name: 'system',
  model: () =>
    model(State, {
      init: State(),
      actions: { up: (s) => (isAt(s, 3) ? undefined : s.set('n', step(s.n, s.on))) },
      invariants: { small, late: late(3) },
      goals: { top: (s) => isAt(s, 3) },
      deadlock: false,
    }),
})
`

/** A counter that goes on, because it is fair below 3. */
const FAIR = `import { eventually, model, range, schema, spec, weak } from 'kripke'
const State = schema({ n: range(0, 3) })
const isLow = (s) => s.n < 3
export default spec({
  name: 'fair',
  model: () =>
    model(State, {
      init: State(),
      actions: { up: (s) => (s.n === 3 ? undefined : s.set('n', s.n + 1)), stay: (s) => s },
      fairness: { up: weak('up', { when: isLow }) },
      temporal: { end: eventually((s) => s.n === 3) },
    }),
})
`

describe('kripke mutate', () => {
  const counter = (): string => {
    const path = join(folder, 'counter.ts')
    writeFileSync(path, COUNTER)
    return path
  }

  it('says which properties notice each change, and lists the changes that none notices', async () => {
    const { status, document } = await kripkeJson(['mutate', counter()], { cwd: folder })
    expect(status).toBe(0)
    const { mutants, counts, properties } = document as {
      mutants: (Mutant & { verdict: string; properties: string[] })[]
      counts: object
      properties: object[]
    }
    // Each line has: the place, the kind, the verdict, and who noticed.
    const told = mutants.map(({ file, line, kind, verdict, replacement, properties: by }) =>
      [`${file}:${line}`, kind, verdict, ...by, replacement].join(' | '),
    )
    expect(told).toEqual([
      'counter.ts:9 | guard negated | noticed | again | deadlock | (s.n < 3 ? void 0 : s.set("n", s.n + 1))',
      'counter.ts:9 | guard dropped | failed | (s.set("n", s.n + 1))',
      'counter.ts:9 | off by one | noticed | low | deadlock | (s.n <= 3)',
      'counter.ts:9 | write dropped | noticed | again | (s)',
      'counter.ts:9 | off by one | noticed | again | (s.n)',
      'counter.ts:11 | guard dropped | survived | ;',
      'counter.ts:11 | guard negated | survived | !(s.n !== 3 || s.resets === 1)',
      'counter.ts:11 | guard dropped | survived | (s.resets === 1)',
      'counter.ts:11 | guard dropped | survived | (s.n !== 3)',
      'counter.ts:12 | write dropped | noticed | again | (s)',
      'counter.ts:12 | write dropped | noticed | again | { resets: 1 }',
      'counter.ts:12 | write dropped | noticed | again | { n: 0 }',
      'counter.ts:14 | guard negated | noticed | deadlock | (s.n === 3 ? void 0 : s)',
      'counter.ts:14 | guard dropped | survived | (s)',
    ])
    expect(counts).toEqual({ noticed: 8, failed: 1, unreached: 0, equivalent: 0, survived: 5, undecided: 0 })
    expect(document.score).toBeCloseTo(9 / 14)
    expect(properties).toEqual([
      { name: 'low', kind: 'invariant', result: 'holds', notices: 1, alone: 0 },
      { name: 'again', kind: 'goal', result: 'reached', notices: 6, alone: 5 },
      { name: 'deadlock', kind: 'deadlock', result: 'holds', notices: 3, alone: 1 },
    ])
  })

  it('lists the places for people, also on one thread', async () => {
    const { status, stdout, stderr } = await kripke(['mutate', counter(), '--workers', '1'], { cwd: folder })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/14 mutants: 8 noticed by a property, 1 noticed by an error, 5 not noticed/)
    expect(stdout).toContain(
      '    counter.ts:11:11  guard dropped\n      - if (s.n !== 3 || s.resets === 1) return void 0;\n      + ;\n',
    )
    const { stdout: quiet } = await kripke(['mutate', counter(), '--quiet'], { cwd: folder })
    expect(quiet).toBe(
      'counter: 14 mutants, 8 noticed by a property, 1 noticed by an error, 5 not noticed · score 64 %\n',
    )
  })

  it('ends a mutant that does not return, and goes on', async () => {
    const path = join(folder, 'looping.ts')
    const looping = COUNTER.replace(
      'end: (s) => (s.n === 3 ? s : undefined),',
      `end: (s) => {
          let left = s.n
          while (left > 0) left = left - 1
          return s
        },`,
    )
    writeFileSync(path, looping)
    const { document } = await kripkeJson(['mutate', path, '--timeout', '1s'], { cwd: folder })
    const undecided = (document.mutants as { verdict: string; line: number; replacement: string }[])
      .filter(({ verdict }) => verdict === 'undecided')
      .map(({ replacement }) => replacement)
    // `left = left`, and `left >= 0` ends.
    expect(undecided).toEqual(['(left)'])
  })

  it('goes on after a mutant that fills the memory, and one whose thread exits', async () => {
    const path = join(folder, 'filling.ts')
    const filling = COUNTER.replace(
      'end: (s) => (s.n === 3 ? s : undefined),',
      `end: (s) => {
          const all = []
          let left = s.n
          while (left > 0) {
            all[all.length] = Array(1e4).fill(left)
            left = left - 1
          }
          return s
        },`,
    )
    const exiting = 'const requireSize = (size) => size > 4 && process.exit(5)\nrequireSize(4)\n'
    writeFileSync(path, filling.replace('export default', `${exiting}export default`))
    const { status, stdout, stderr } = await kripkeProcess(['mutate', path, '--timeout', '30s', '--json'], {
      cwd: folder,
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
    })
    expect([status, stderr]).toEqual([0, ''])
    const verdicts = (JSON.parse(stdout).mutants as { verdict: string; replacement: string }[]).map(
      ({ verdict, replacement }) => `${verdict} ${replacement}`,
    )
    expect(verdicts).toContain('undecided (left)')
    expect(verdicts).toContain('failed (size >= 4)')
    expect(verdicts).toContain('noticed (s)')
  })

  it('says why a mutant failed, also without an error of Kripke', async () => {
    const path = join(folder, 'absent.ts')
    const absent = COUNTER.replace(
      'export default spec(',
      'const kept = (it) => (it.kind ? it : { kind: it.kind })\nexport default kept(spec(',
    )
    writeFileSync(path, absent.replace(/\}\)\n$/, '}))\n'))
    const { status, document } = await kripkeJson(['mutate', path], { cwd: folder })
    expect(status).toBe(0)
    const failed = (document.mutants as { verdict: string; replacement: string; reason: string | null }[])
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ replacement, reason }) => [replacement, reason])
    expect(failed).toEqual([
      [expect.stringContaining('it.kind ? {'), 'TypeError: Cannot convert undefined or null to object'],
      ['(s.set("n", s.n + 1))', 'KR302 variable "n" must be in its domain, but is 5'],
    ])
    const { stdout } = await kripke(['mutate', path], { cwd: folder })
    expect(stdout).toMatch(/an error notices these changes\n.*\n.*\n.*}.*\n {6}TypeError: Cannot convert/)
  })

  it('changes what the system does: not functions of claims, and not code that it does not run', async () => {
    const path = join(folder, 'system.ts')
    writeFileSync(path, SYSTEM)
    const { document } = await kripkeJson(['mutate', path], { cwd: folder })
    const lines = SYSTEM.split('\n')
    const told = (document.mutants as { verdict: string; line: number; original: string }[]).map(
      ({ line, verdict, original }) =>
        `${/\w+/.exec(lines[line - 1]!.replace('const ', ''))![0]} | ${verdict} | ${original}`,
    )
    expect(new Set(told)).toEqual(
      new Set([
        // Actions and claims call it.
        'isAt | survived | s.n + 1 > at && s.n < at + 1',
        'isAt | equivalent | s.n + 1 > at && s.n < at + 1',
        'isAt | survived | s.n + 1 > at',
        'isAt | failed | s.n + 1',
        'isAt | equivalent | s.n < at + 1',
        'isAt | failed | at + 1',
        // `on` is never 1.
        'step | failed | on === 1 ? n - 1 : n + 1',
        'step | unreached | n - 1',
        'step | noticed | n + 1',
        'actions | noticed | isAt(s, 3) ? void 0 : s.set("n", step(s.n, s.on))',
        'actions | failed | isAt(s, 3) ? void 0 : s.set("n", step(s.n, s.on))',
        'actions | noticed | s.set("n", step(s.n, s.on))',
        // The claim that would run it is never made. Claims run the rest of `late`, and `small`.
        'late | unreached | s.n < 9',
      ]),
    )
  })

  it('changes conditions of fairness, which only temporal properties call', async () => {
    const path = join(folder, 'fair.ts')
    writeFileSync(path, FAIR)
    const { document } = await kripkeJson(['mutate', path], { cwd: folder })
    const told = (document.mutants as { line: number; verdict: string; original: string }[])
      .filter(({ line }) => line === 3)
      .map(({ verdict, original }) => `${verdict} | ${original}`)
    // The graph is the same, but `end` does not notice that `up` must be taken from 3 too.
    expect(told).toEqual(['survived | s.n < 3'])
  })

  it('ends a check at the first property that notices, on request', async () => {
    const { document } = await kripkeJson(['mutate', counter(), '--first'], { cwd: folder })
    // A goal notices one of them before its error comes.
    expect(document.counts).toEqual({ noticed: 9, failed: 0, unreached: 0, equivalent: 0, survived: 5, undecided: 0 })
    expect((document.properties as { alone: unknown }[]).map(({ alone }) => alone)).toEqual([null, null, null])
    // The mutant `s.n <= 3` reaches 4, and does not go on from there.
    expect((document.mutants as { properties: string[] }[])[2]!.properties).toEqual(['low'])
  })

  it('changes a spec with constraints, whose goals count within them', async () => {
    const path = join(folder, 'constrained.ts')
    const constrained = COUNTER.replace('range(0, 4)', 'range(0, 5000)').replace(
      'invariants:',
      'constraints: { few: (s) => s.n < 10 }, invariants:',
    )
    writeFileSync(path, constrained.replace('s.n < 4 &&', '').replace('s.n < 3 ?', 's.n < 12 ?'))
    const { status, document } = await kripkeJson(['mutate', path], { cwd: folder })
    expect(status).toBe(0)
    const again = (document.properties as { name: string; notices: number }[]).find(({ name }) => name === 'again')
    expect(again!.notices).toBeGreaterThan(0)
  })

  it('ends the check of a mutant that has many more states than the spec', async () => {
    const path = join(folder, 'growing.ts')
    writeFileSync(
      path,
      COUNTER.replace('range(0, 4)', 'range(0, 5000)')
        .replaceAll(/s\.n (<|===|!==) 3/g, 's.n $1 300')
        .replace('s.n < 4 &&', ''),
    )
    const { document } = await kripkeJson(['mutate', path], { cwd: folder })
    const undecided = (document.mutants as { verdict: string; reason: string }[]).filter(
      ({ verdict }) => verdict === 'undecided',
    )
    // The spec has 301 states before `reset`, and as many after it.
    expect(new Set(undecided.map(({ reason }) => reason))).toEqual(
      new Set(['it has more than 2408 states; the spec has 602']),
    )
  })

  it('shows its default time as a duration', async () => {
    expect((await kripke(['mutate', '--help'])).stdout).toMatch(/such as\s+30s\s+\(default:\s+20s\)/)
  })

  it('needs a spec that it can explore', async () => {
    const { status, stderr } = await kripke(['mutate', 'specs/classic/two-phase-commit.ts', '--max-states', '10'])
    expect(status).toBe(151)
    expect(stderr).toMatch(/^error KR101: mutate must explore "two-phase-commit" to the end, but reached a bound\n/)
  })

  it('removes fairness, which changes behaviors and not the graph', async () => {
    const { document } = await kripkeJson(['mutate', 'specs/classic/dining-philosophers.ts', '-c', 'philosophers=2'])
    const removed = (document.mutants as { kind: string; verdict: string }[]).filter(({ kind }) => kind === 'fairness')
    expect(removed.length).toBeGreaterThan(0)
    expect(removed.map(({ verdict }) => verdict)).not.toContain('equivalent')
  })
})

/** The code of a bundled spec, as the command line compiles it, with `kripke` from the sources. */
async function compiled(path: string): Promise<string> {
  const absolute = join(ROOT, path)
  const { outputFiles } = await build({ ...bundleOptions(absolute), external: ['kripke', 'immutable'] })
  return outputFiles!.find(({ path: name }) => name.endsWith('.js'))!.text
}

/** Every transition of a spec as text. */
function graphOf(of: AnySpec): string {
  const walk = openWalk(of, { properties: [] })
  const lines = new Set(walk.initialStates.map((state) => `init ${String(state)}`))
  let seen = ValueSet<State>(walk.initialStates)
  const left = [...walk.initialStates]
  for (const state of left) {
    const { enabled, failed } = walk.stepsFrom(state)
    if (failed.length > 0) return 'failed'
    for (const step of enabled.filter(({ isOutside }) => !isOutside)) {
      lines.add(`${String(state)} ${callText(step.action, step.bindings)} ${String(step.state)}`)
      if (seen.has(step.state)) continue
      seen = seen.add(step.state)
      left.push(step.state)
    }
  }
  return [...lines].sort().join('\n')
}

const BOUNDS = { constants: {}, maxStates: 100_000, timeoutMs: 60_000, first: false }

describe('mutants', () => {
  it('are made of each kind of change, with the place in the source', () => {
    const source = `
const { spec, thread } = require('kripke')
export const of = spec({
  model: ({ most }) => {
    const size = most + 1
    const State = { task: thread('start', 'middle', 'end') }
    return {
      threads: { task: { guard: (s) => s.on, fair: 'weak', at: { start: (s) => goto('middle', s), end: {} } } },
      actions: { a: (s) => s.x <= 1 && s.setIn(['x'], s.x - 1) },
      fairness: { b: weak('a') },
      invariants: { c: (s) => s.x < 1 && s.y },
      deadlock: { unless: (s) => s.x < 1 && s.y },
    }
  },
})
`
    const { code } = transformSync(source, {
      loader: 'ts',
      sourcemap: 'inline',
      sourcefile: 'design.ts',
      sourceRoot: `${pathToFileURL(folder).href}/`,
    })
    const told = mutantsOf(code, folder).mutants.map(({ file, line, kind, original, replacement }) =>
      [`${file}:${line}`, kind, original, replacement].join(' | '),
    )
    expect(told).toEqual([
      'design.ts:8 | guard dropped | s.on | true',
      'design.ts:8 | guard negated | s.on | !(s.on)',
      'design.ts:8 | fairness | fair: "weak" | fair: void 0',
      'design.ts:8 | another label | "middle" | "end"',
      'design.ts:9 | guard dropped | s.x <= 1 && s.setIn(["x"], s.x - 1) | (s.setIn(["x"], s.x - 1))',
      'design.ts:9 | guard dropped | s.x <= 1 && s.setIn(["x"], s.x - 1) | (s.x <= 1)',
      'design.ts:9 | off by one | s.x <= 1 | (s.x < 1)',
      'design.ts:9 | write dropped | s.setIn(["x"], s.x - 1) | (s)',
      'design.ts:9 | off by one | s.x - 1 | (s.x)',
      'design.ts:10 | fairness | weak("a") | void 0',
    ])
  })

  it('and their probe are programs, also of chains, patterns and variables with the name of a claim', () => {
    const source = `
const read = ({ view: seen = 1 > 0, deadlock }) => (seen < deadlock ? undefined : seen)
const steps = { a: (s) => s.at?.(0 + 1).set('x', s.on ? 1 : null)?.add((it) => it.n <= 1), b: (s) => s.merge({ view: s.n + 1, goals: 1 }) }
const invariants = { c: (s) => s.n < 1 }
const of = { invariants, goals: { d: many(1 < 2) }, alias(s) { return s.n < 3 } }
`
    const { code } = transformSync(source, {
      loader: 'ts',
      sourcemap: 'inline',
      sourcefile: 'design.ts',
      sourceRoot: `${pathToFileURL(folder).href}/`,
    })
    const { mutants, probe, marks } = mutantsOf(code, folder)
    for (const text of [probe, ...mutants.map((mutant) => mutant.code)]) {
      parse(text, { ecmaVersion: 'latest', sourceType: 'module' })
    }
    const told = mutants.map(({ original, replacement }) => `${original} | ${replacement}`)
    expect(told).toContain('{ view: s.n + 1, goals: 1 } | { goals: 1 }')
    expect(told).toContain('s.n + 1 | (s.n)')
    expect(told).toContain('it.n <= 1 | (it.n < 1)')
    expect(told.filter((it) => /s.n < 3|1 < 2/.test(it))).toEqual([])
    expect(probe.match(/mark\(\d+\)/g)).toHaveLength(marks)
    expect(probe).toContain('__kripkeProbe.claim(__kripkeProbe.enter(), { d: many(1 < 2) })')
  })

  it.each(
    first(2, [
      'specs/classic/peterson.ts',
      'specs/kernel/write-ahead-log.ts',
      'specs/classic/die-hard.ts',
      'specs/unbind.ts',
    ]),
  )('of %s are programs', async (path) => {
    const { mutants } = mutantsOf(await compiled(path), ROOT)
    expect(mutants.length).toBeGreaterThan(5)
    for (const { code, file, line, original } of mutants) {
      parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
      expect(readFileSync(join(ROOT, file), 'utf8').split('\n').length).toBeGreaterThanOrEqual(line)
      expect(original.length).toBeGreaterThan(0)
    }
  })

  it.each(first(2, ['specs/classic/peterson.ts', 'specs/poison-recovery.ts', 'specs/kernel/store-buffer.ts']))(
    'of %s have the graph of the spec if their place is not reached',
    async (path) => {
      const code = await compiled(path)
      const { mutants, probe: probeCode, marks: size } = mutantsOf(code, ROOT)
      // Beside the tests, so that `kripke` is the one of the tests.
      const own = mkdtempSync(join(ROOT, 'test/cli/.mutants-'))
      const loaded = async (name: string, text: string): Promise<AnySpec> => {
        writeFileSync(join(own, name), text)
        return ((await import(pathToFileURL(join(own, name)).href)) as { default: AnySpec }).default
      }
      try {
        const graph = graphOf(await loaded('own.mjs', code))
        const { probe, marks } = await loadProbe(size, () => loaded('probe.mjs', probeCode))
        const { system, digest } = await reachOf(probe, marks, BOUNDS)
        expect(digest).toBe(graphDigest(await loaded('own.mjs', code), {}, BOUNDS.maxStates))
        expect(graphOf(probe)).toBe(graph)
        const unreached = mutants.filter(({ mark }) => mark !== undefined && !system[mark]!)
        for (const [index, { code: changed }] of unreached.entries()) {
          expect(graphOf(await loaded(`${index}.mjs`, changed))).toBe(graph)
        }
        expect(unreached.length).toBeGreaterThan(0)
        expect(unreached.length).toBeLessThan(mutants.length)
      } finally {
        rmSync(own, { recursive: true })
      }
    },
  )

  it('have other digests if only the names of actions differ', () => {
    const State = schema({ n: range(0, 2) })
    const counter = (one: 'up' | 'down', other: 'up' | 'down'): AnySpec =>
      spec({
        name: 'counter',
        model: () =>
          model(State, {
            init: State(),
            actions: {
              [one]: (s: ReturnType<typeof State>) => (s.n < 2 ? s.set('n', s.n + 1) : undefined),
              [other]: (s: ReturnType<typeof State>) => (s.n > 0 ? s.set('n', s.n - 1) : undefined),
            },
          }),
      })
    const digest = graphDigest(counter('up', 'down'), {}, 10)
    expect(graphDigest(counter('up', 'down'), {}, 10)).toBe(digest)
    expect(graphDigest(counter('down', 'up'), {}, 10)).not.toBe(digest)
    expect(graphDigest(counter('up', 'down'), {}, 2)).toBeUndefined()
  })

  it.each(first(2, ['specs/classic/peterson.ts', 'specs/classic/die-hard.ts', 'specs/kernel/write-ahead-log.ts']))(
    'of %s have equal digests if and only if they have equal graphs',
    async (path) => {
      const code = await compiled(path)
      // Beside the tests, so that `kripke` is the one of the tests.
      const own = mkdtempSync(join(ROOT, 'test/cli/.mutants-'))
      try {
        const graphs = new Map<string, string>()
        for (const [index, { code: changed }] of [{ code }, ...mutantsOf(code, ROOT).mutants].entries()) {
          writeFileSync(join(own, `${index}.mjs`), changed)
          const { default: of } = (await import(pathToFileURL(join(own, `${index}.mjs`)).href)) as { default: AnySpec }
          const graph = graphOf(of)
          if (graph === 'failed') continue
          const digest = graphDigest(of, {}, 100_000)!
          expect(graphs.get(digest) ?? graph).toBe(graph)
          graphs.set(digest, graph)
        }
        expect(new Set(graphs.values()).size).toBe(graphs.size)
        expect(graphs.size).toBeGreaterThan(5)
      } finally {
        rmSync(own, { recursive: true })
      }
    },
  )
})
