/** Spec functions that never return: the command ends all the same, names the function, and shows the way to the state. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { first, itInAll } from '../support/amount.ts'
import { kripkeProcess } from './kripke.ts'

const SPEC = 'test/cli/specs/never-returns.ts'

async function kripkeJson(args: readonly string[]): Promise<{ status: number | null; document: any }> {
  const { status, stdout } = await kripkeProcess([...args, '--json'])
  return { status, document: JSON.parse(stdout) }
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a function that never returns', () => {
  it.each(
    first(1, [
      ['action', 'action "right"', 5],
      ['invariant', 'invariant "fine"', 5],
      ['transition', 'transition "onwards"', 6],
      ['constraint', 'constraint "bounded"', 5],
      ['temporal', 'temporal "stays"', 5],
      ['symmetric', 'action "turn(process1)"', 1],
      // On several states of one level: the first one is shown, and the others are not tried.
      ['level', 'action "right"', 3],
    ] as const),
  )('as %s: a time limit ends the run, with the way to the state', async (where, who, steps) => {
    const args = ['check', SPEC, '-c', `where=${where}`, '--continue', '--timeout', '1s']
    const { status, document } = await kripkeJson(args)
    expect(status).toBe(75)
    expect(document.error.code).toBe('KR510')
    expect(document.error.message.startsWith(`${who} `)).toBe(true)
    expect(document.error.at).toMatch(/never-returns\.ts:\d+:\d+$/)
    const { state } = document.error.trace.steps.at(-1)
    expect(document.error.trace.steps).toHaveLength(steps + 1)
    if (where === 'symmetric') expect(state.turns).toEqual({ process1: 1, process2: 0 })
    else if (where === 'level') expect(state.x + state.y).toBe(3)
    else expect(state).toMatchObject({ x: where === 'transition' ? 4 : 3, y: 2 })
    // What was found on the levels before.
    const left = document.properties.find(({ name }: { name: string }) => name === 'left')
    if (where !== 'symmetric') expect(left).toMatchObject({ result: 'violated', trace: 0 })
  })

  it.each(first(0, [['--engine', 'symbolic'], ['--interpret']]))('is shown with %s, too', async (...args) => {
    const { status, document } = await kripkeJson([
      'check',
      SPEC,
      '-c',
      'where=action',
      '--continue',
      '--timeout',
      '1s',
      ...args,
    ])
    expect(status).toBe(75)
    expect([document.error.code, document.error.message]).toEqual(['KR510', expect.stringContaining('"right"')])
    expect(document.error.trace.steps.at(-1).state).toMatchObject({ x: 3, y: 2 })
  })

  it.each(
    first(0, [
      ['init', 'init'],
      ['model', 'the model of "never-returns"'],
    ] as const),
  )('as %s is named', async (where, who) => {
    const { status, stderr } = await kripkeProcess(['check', SPEC, '-c', `where=${where}`, '--timeout', '1s'])
    expect(status).toBe(75)
    expect(stderr).toMatch(`error KR510: ${who} `)
    expect(stderr).toMatch(/^ {2}hint: /m)
  })

  itInAll('as a module is named', async () => {
    const path = join(folder, 'endless.ts')
    writeFileSync(path, "import 'kripke'\nfor (;;);\n")
    const { status, stderr } = await kripkeProcess(['check', path, '--timeout', '1s'])
    expect(status).toBe(75)
    expect(stderr).toMatch(`error KR510: the module ${path} `)
  })

  it.each(
    first(1, [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const),
  )('ends after %s, and what was found before is printed', async (signal, expected) => {
    const { status, stdout, stderr } = await kripkeProcess(['check', SPEC, '-c', 'where=action', '--continue'], {
      kill: { signal, after: /does not return/ },
    })
    expect(status).toBe(expected)
    expect(stdout).toMatch(/left\s+invariant\s+violated/)
    expect(stderr).toMatch(/right fails after 5 steps[^]*KR510/)
  })

  it('is named if it is the map of a log, with the line', async () => {
    const [map, log] = [join(folder, 'map.ts'), join(folder, 'run.ndjson')]
    const event = "(entry) => { if (entry.n === 2) { console.error('does not return'); for (;;); } return [] }"
    writeFileSync(map, `import { logMap } from 'kripke'\nexport default logMap({ event: ${event} })\n`)
    writeFileSync(log, '{ "n": 1 }\n{ "n": 2 }\n')
    const { status, stderr } = await kripkeProcess(['conform', 'specs/classic/die-hard.ts', log, '--map', map], {
      kill: { signal: 'SIGINT', after: /does not return/ },
    })
    expect(status).toBe(130)
    expect(stderr).toMatch(`error KR510: the map for ${log}:2 must return`)
  })

  itInAll('has the other variants of a comparison checked', async () => {
    const { status, document } = await kripkeJson([
      'compare',
      SPEC,
      '--vary',
      'where=invariant,nowhere,action',
      '--timeout',
      '1s',
    ])
    expect(status).toBe(75)
    const codes = document.variants.map(({ error, verdict }: any) => error?.code ?? verdict)
    expect(codes).toEqual(['KR510', 'violated', 'KR510'])
  })

  itInAll('ends a comparison after a signal, with the variants before', async () => {
    const { status, stdout } = await kripkeProcess(['compare', SPEC, '--vary', 'where=nowhere,action,invariant'], {
      kill: { signal: 'SIGTERM', after: /does not return/ },
    })
    expect(status).toBe(143)
    expect(stdout).toMatch(/nowhere\s+violated \(2 steps\)/)
    expect(stdout).toMatch(/KR510 action "right"/)
    expect(stdout).toMatch(/\b1 of 3\b/)
  })

  itInAll('is named by simulate and graph', async () => {
    const simulated = await kripkeProcess([
      'simulate',
      SPEC,
      '-c',
      'where=action',
      '--property',
      'fine',
      '--seconds',
      '1',
      '--seed',
      '1',
    ])
    expect(simulated.status).toBe(75)
    expect(simulated.stderr).toMatch(/error KR510: action "right"/)
    const drawn = await kripkeProcess(['graph', SPEC, '-c', 'where=action'], {
      kill: { signal: 'SIGINT', after: /does not return/ },
    })
    expect(drawn.status).toBe(130)
    expect(drawn.stderr).toMatch(/error KR510: action "right"/)
  })

  itInAll('is named when another thread is in it, or when it takes long to come there', async () => {
    const args = ['check', SPEC, '-c', 'where=action', '-c', 'size=5', '-c', 'wide=1000']
    const { status, stderr } = await kripkeProcess([...args, '--property', 'fine', '--workers', '2', '--timeout', '2s'])
    expect(status).toBe(75)
    expect(stderr).toMatch(/error KR510: action "right"/)
  })

  itInAll('is not what a run counts as that ends by itself', async () => {
    const { status, stdout } = await kripkeProcess([
      'check',
      SPEC,
      '-c',
      'size=1000',
      '-c',
      'wide=1000',
      '--property',
      'fine',
      '--engine',
      'explicit',
      '--timeout',
      '1s',
    ])
    expect(status).toBe(124)
    expect(stdout).toMatch(/stopped by --timeout/)
  })
})

describe('a run that needs too much memory for JavaScript values', () => {
  it('ends with one sentence', async () => {
    const path = join(folder, 'hoarder.ts')
    writeFileSync(
      path,
      `import { model, range, schema, spec } from 'kripke'
const kept: unknown[] = []
const State = schema({ x: range(0, 3) })
const hoard = () => { for (;;) kept.push(new Array(1000).fill(0)) }
export default spec({ name: 'hoarder', model: () => model(State, { init: State(), actions: { hoard } }) })
`,
    )
    const { status, stderr } = await kripkeProcess(['check', path], {
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
    })
    expect(status).toBe(124)
    expect(stderr).toMatch(/^error KR405: /m)
  })
})
