import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** What the compiler complains of in one file, by lines. */
function complaints(file: string): string[] {
  const folder = mkdtempSync(join(ROOT, 'test/types/.check-'))
  try {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { noEmit: true },
      files: [file],
      include: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { stdout } = spawnSync(process.execPath, [TSC, '--project', folder], { encoding: 'utf8', cwd: ROOT })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Files that are only compiled, and how many mistakes each has at least. */
const FILES = [
  ['inference.ts', 'the types of a spec', 21],
  ['temporal.ts', 'the types of temporal formulas', 3],
  ['unions.ts', 'the types of unions', 14],
  ['tools.ts', 'the types of replays and graphs', 3],
  ['maps.ts', 'the types of maps', 14],
] as const

describe.each(FILES)('%s: %s', (name, _, least) => {
  const source = fileURLToPath(new URL(name, import.meta.url))

  it('are inferred exactly, and a wrong literal, path, label or name is a compile error', () => {
    expect(complaints(source)).toEqual([])
  })

  it('are really checked: with its expected errors no longer expected, the same file has every one of them', () => {
    const text = readFileSync(source, 'utf8')
    const expected = text.split('\n').filter((line) => line.trim().startsWith('// @ts-expect-error')).length
    const copy = join(ROOT, 'test/types', name.replace('.ts', '-unexpected.ts'))
    writeFileSync(copy, text.replaceAll(/\/\/ @ts-expect-error/g, '//'))
    try {
      expect(expected).toBeGreaterThanOrEqual(least)
      expect(complaints(copy).length).toBeGreaterThanOrEqual(expected)
    } finally {
      rmSync(copy)
    }
  })
})

describe('src/spec/map-types.ts, which tsc skips', () => {
  const text = readFileSync(join(ROOT, 'src/spec/map-types.ts'), 'utf8')
  const isSkipped = text.startsWith('// @ts-nocheck\n')

  /** What the compiler complains of in a copy that it does not skip. */
  function complaintsOfCopy(changed: string): string[] {
    const copy = join(ROOT, 'test/types/map-types-checked.ts')
    writeFileSync(copy, changed.replace('// @ts-nocheck\n', ''))
    try {
      return complaints(copy)
    } finally {
      rmSync(copy)
    }
  }

  it('is right: total maps extend Map, and all types vary as they declare', () => {
    expect(isSkipped).toBe(true)
    expect(complaintsOfCopy(text)).toEqual([])
  })

  it.each([
    ['a method that Map has otherwise', '  get(key: K): V\n', '  get(key: K): number\n', /TS2430/],
    ['a parameter that varies the other way', 'interface List<out T>', 'interface List<in T>', /TS2636/],
  ])('is really checked: %s is an error', (_, right, wrong, code) => {
    expect(text).toContain(right)
    expect(complaintsOfCopy(text.replace(right, wrong)).join('\n')).toMatch(code)
  })
})
