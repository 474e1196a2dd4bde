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
