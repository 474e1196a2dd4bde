/** The packed package, installed into an empty project elsewhere and used there as a user would. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './cli/kripke.ts'
import { itInAll } from './support/amount.ts'

const SPEC = `
import { List } from 'immutable'
import { action, check, members, model, range, schema, setOf, spec, value } from 'kripke'
import { LIMIT } from './limit.ts'

const Item = members('item', 3)
const State = schema({ held: setOf(Item), taken: range(0, 9), log: value(List<string>()) })

export default spec({
  name: 'shelf',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        take: action({ item: Item }, (s, { item }) =>
          s.held.has(item) ? undefined : s.set('held', s.held.add(item)).set('log', s.log.push(item)),
        ),
      },
      invariants: { few: (s) => s.held.size < LIMIT },
      deadlock: false,
    }),
})
export const run = check
`

let project = ''

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'kripke-package-'))
  // Scripts would build again, under the feet of other tests.
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', `./${filename}`, 'immutable@5'], { cwd: project })
  writeFileSync(join(project, 'shelf.ts'), SPEC)
  writeFileSync(join(project, 'limit.ts'), 'export const LIMIT: number = 3\n')
}, 240_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('the installed package', () => {
  it('runs a spec written in the project, with what it imports', () => {
    const { status, stdout } = spawnSync('npx', ['kripke', 'check', 'shelf.ts', '--json'], {
      cwd: project,
      encoding: 'utf8',
    })
    const document = JSON.parse(stdout) as { states: object; traces: { steps: { state: object }[] }[] }
    expect(status).toBe(12)
    expect(document.states).toEqual({ initial: 1, generated: 16, distinct: 16, depth: 4 })
    expect(document.traces[0]!.steps.at(-1)!.state).toEqual({
      held: ['item1', 'item2', 'item3'],
      taken: 0,
      log: ['item1', 'item2', 'item3'],
    })
  })

  it.each([
    ['classic/die-hard', 'bigIsNotFour'],
    // With what it shares with others.
    ['gup-fast-remove', 'noPfnMappedAfterRemove'],
  ])('runs the bundled spec %s', (path, violated) => {
    const { status, stdout } = spawnSync(
      'npx',
      ['kripke', 'check', `node_modules/kripke/specs/${path}.ts`, '--quiet'],
      {
        cwd: project,
        encoding: 'utf8',
      },
    )
    expect([status, stdout]).toEqual([12, `${path.split('/').at(-1)} is violated: ${violated}\n`])
  })

  it('refuses to draw a chart before any work if Vega is not installed', () => {
    const spec = 'node_modules/kripke/specs/classic/two-phase-commit.ts'
    const args = ['kripke', 'bench', spec, '--sweep', 'resourceManagers=1..2', '--svg', 'growth.svg']
    const { status, stdout, stderr } = spawnSync('npx', args, { cwd: project, encoding: 'utf8' })
    expect([status, stdout]).toEqual([151, ''])
    expect(stderr).toMatch(/^error KR107: .*\n.*npm install --save-dev vega vega-lite\b/)
    expect(stderr).not.toContain('resourceManagers')
    expect(existsSync(join(project, 'growth.svg'))).toBe(false)
  })

  it('runs a spec from a folder without packages', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'kripke-bare-'))
    try {
      writeFileSync(join(elsewhere, 'shelf.ts'), SPEC.replace("import { LIMIT } from './limit.ts'", 'const LIMIT = 4'))
      const bare = spawnSync('npx', ['kripke', 'check', join(elsewhere, 'shelf.ts'), '--quiet'], {
        cwd: project,
        encoding: 'utf8',
      })
      expect([bare.status, bare.stdout]).toEqual([0, 'shelf holds\n'])
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  /** What the compiler complains of in the project, by lines. */
  function complaints(skipLibCheck: boolean): string[] {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    const compilerOptions = {
      ...{ strict: true, noEmit: true, target: 'es2023', module: 'nodenext', skipLibCheck, types: [] },
      allowImportingTsExtensions: true,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
    // With several threads each would repeat most of the work.
    const { stdout } = spawnSync(process.execPath, [tsc, '--singleThreaded', '--project', project], {
      encoding: 'utf8',
      cwd: project,
    })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  }

  it('has types that check the spec', () => {
    expect(complaints(true)).toEqual([])
    writeFileSync(join(project, 'wrong.ts'), SPEC.replace('s.held.has(item)', "s.held.has('item4')"))
    try {
      expect(complaints(true).join('\n')).toMatch(/^wrong\.ts\(\d+,\d+\): error/)
    } finally {
      rmSync(join(project, 'wrong.ts'))
    }
  })

  itInAll(
    'has declarations without a mistake, also for projects that check those of their packages',
    () => {
      // The one mistake that is found shows that declarations are checked.
      writeFileSync(join(project, 'wrong.d.ts'), 'export declare const wrong: Absent\n')
      try {
        expect(complaints(false).map((line) => line.replace(/\(.*/, ''))).toEqual(['wrong.d.ts'])
      } finally {
        rmSync(join(project, 'wrong.d.ts'))
      }
    },
    240_000,
  )

  it('contains what it runs on, and nothing else', () => {
    const installed = join(project, 'node_modules/kripke')
    expect(readdirSync(installed).toSorted()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'specs'].toSorted(),
    )
    const strays = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(?:[cm]?js|d\.ts|map)$/.test(path) ? false : path.includes('.'),
    )
    expect(strays).toEqual([])
  })
})
