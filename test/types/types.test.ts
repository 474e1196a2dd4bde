import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The compiler takes a few seconds on an idle machine, but 35 seconds were seen on a busy one. */
const SLOW_MS = 240_000

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** The compiler's errors in files, as lines that begin with the file. */
function complaints(...files: readonly string[]): string[] {
  const folder = mkdtempSync(join(ROOT, 'test/types/.check-'))
  try {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { noEmit: true },
      files,
      include: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { stdout } = spawnSync(process.execPath, [TSC, '--project', folder], { encoding: 'utf8', cwd: ROOT })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Files that are only compiled, with the minimal number of mistakes in each. */
const FILES = [
  ['inference.ts', 'the types of a spec', 33],
  ['networks.ts', 'the types of channels and bags', 10],
  ['procedures.ts', 'the types of procedures, priorities and atomic sections', 23],
  ['temporal.ts', 'the types of temporal formulas', 7],
  ['unions.ts', 'the types of unions', 14],
  ['tools.ts', 'the types of replays and graphs', 4],
  ['api.ts', 'the types of checks, comparisons and their results', 20],
  ['maps.ts', 'the types of maps', 14],
  ['quantifiers.ts', 'the types of quantifiers in functions', 5],
  ['definitions.ts', 'the types of aliases, views and refinements', 12],
  ['drive.ts', 'the types of tests of systems', 12],
] as const

const HERE = fileURLToPath(new URL('.', import.meta.url))
const copyOf = (name: string): string => join(HERE, name.replace('.ts', '-unexpected.ts'))

describe('types', { timeout: SLOW_MS }, () => {
  let ofFiles: string[] = []
  let ofCopies: string[] = []
  // The compiler spends most of its time on common imports, so it compiles all files at once.
  beforeAll(() => {
    ofFiles = complaints(...FILES.map(([name]) => join(HERE, name)))
    try {
      for (const [name] of FILES) {
        const text = readFileSync(join(HERE, name), 'utf8')
        writeFileSync(copyOf(name), text.replaceAll(/\/\/ @ts-expect-error/g, '//'))
      }
      ofCopies = complaints(...FILES.map(([name]) => copyOf(name)))
    } finally {
      for (const [name] of FILES) rmSync(copyOf(name), { force: true })
    }
  }, SLOW_MS)

  const about = (lines: readonly string[], path: string): string[] =>
    lines.filter((line) => line.startsWith(`test/types/${basename(path)}(`))

  it('are inferred exactly, and a wrong literal, path, label or name is a compile error', () => {
    expect(ofFiles).toEqual([])
  })

  it.each(FILES)(
    'of %s (%s) are really checked: without the expected-error comments, the same file has all the errors',
    (name, _, least) => {
      const lines = readFileSync(join(HERE, name), 'utf8').split('\n')
      const expected = lines.filter((line) => line.trim().startsWith('// @ts-expect-error')).length
      expect(expected).toBeGreaterThanOrEqual(least)
      expect(about(ofCopies, copyOf(name)).length).toBeGreaterThanOrEqual(expected)
    },
  )
})

describe('src/spec/map-types.ts, which tsc skips', { timeout: SLOW_MS }, () => {
  const text = readFileSync(join(ROOT, 'src/spec/map-types.ts'), 'utf8')
  const isSkipped = text.startsWith('// @ts-nocheck\n')

  /** The compiler's errors in a copy that it does not skip. */
  function complaintsOfCopy(changed: string): string[] {
    const copy = join(ROOT, 'test/types/map-types-checked.ts')
    writeFileSync(copy, changed.replace('// @ts-nocheck\n', ''))
    try {
      return complaints(copy)
    } finally {
      rmSync(copy)
    }
  }

  it('is right: total maps extend Map, and all types vary as declared', () => {
    expect(isSkipped).toBe(true)
    expect(complaintsOfCopy(text)).toEqual([])
  })

  it('is really checked: a method with another type than in Map is an error, and so is a parameter with the wrong variance', () => {
    const wrong = [
      ['  get(key: K): V\n', '  get(key: K): number\n'],
      ['interface List<out T>', 'interface List<in T>'],
    ] as const
    for (const [right] of wrong) expect(text).toContain(right)
    const found = complaintsOfCopy(wrong.reduce((changed, [right, other]) => changed.replace(right, other), text))
    expect(found.join('\n')).toMatch(/TS2430/)
    expect(found.join('\n')).toMatch(/TS2636/)
  })
})
