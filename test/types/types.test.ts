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

describe('the types of a spec', () => {
  const source = fileURLToPath(new URL('inference.ts', import.meta.url))

  it('are inferred exactly, and a wrong literal, path, label or name is a compile error', () => {
    expect(complaints(source)).toEqual([])
  })

  it('are really checked: with its expected errors no longer expected, the same file has every one of them', () => {
    const text = readFileSync(source, 'utf8')
    const expected = text.split('\n').filter((line) => line.includes('@ts-expect-error')).length - 1
    const copy = join(ROOT, 'test/types/inference-unexpected.ts')
    writeFileSync(copy, text.replaceAll(/\/\/ @ts-expect-error/g, '//'))
    try {
      expect(expected).toBeGreaterThan(20)
      expect(complaints(copy).length).toBeGreaterThanOrEqual(expected)
    } finally {
      rmSync(copy)
    }
  })
})
