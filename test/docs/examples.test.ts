/** Every example of docs/writing-specs.md compiles, and every spec among them runs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as kripke from '../../src/index.ts'
import { check } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { ROOT } from '../cli/kripke.ts'

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
const IMMUTABLE = ['List', 'Map', 'Set']

interface Example {
  readonly line: number
  readonly code: string
}

/** The `ts` blocks of a page, except files that have a test of their own. */
function examplesOf(page: string): Example[] {
  const pattern = /(<!-- file: .*? -->\s+)?^```ts\n([^]*?)^```$/gm
  return [...page.matchAll(pattern)].flatMap(({ index, 1: file, 2: code }) =>
    file === undefined ? [{ line: page.slice(0, index).split('\n').length, code: code! }] : [],
  )
}

/** An example with the imports that a page leaves out: the names that it calls. */
function completed(code: string): string {
  if (code.startsWith('import ')) return code
  const isCalled = (name: string): boolean => new RegExp(`(?<![.\\w])${name}\\(`).test(code)
  const imports = (names: readonly string[], from: string): string =>
    names.some(isCalled) ? `import { ${names.filter(isCalled).join(', ')} } from '${from}'\n` : ''
  return `${imports(Object.keys(kripke), 'kripke')}${imports(IMMUTABLE, 'immutable')}${code}\nexport {}\n`
}

const EXAMPLES = examplesOf(readFileSync(join(ROOT, 'docs/writing-specs.md'), 'utf8'))
const nameOf = ({ line }: Example): string => `line-${line}.ts`

describe('the examples of docs/writing-specs.md', () => {
  let folder = ''
  let complaints: string[] = []
  const compile = (): string[] => {
    const { stdout } = spawnSync(process.execPath, [TSC, '--project', folder], { encoding: 'utf8', cwd: ROOT })
    return stdout.split('\n').filter((line) => line.includes('error TS'))
  }

  beforeAll(() => {
    folder = mkdtempSync(join(ROOT, 'test/docs/example-'))
    for (const example of EXAMPLES) writeFileSync(join(folder, nameOf(example)), completed(example.code))
    writeFileSync(join(folder, 'wrong.ts'), completed('export const State = schema({ n: range(0, "one") })'))
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    complaints = compile()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are found', () => {
    expect(EXAMPLES.length).toBeGreaterThan(8)
  })

  it('compile, and a wrong one does not', () => {
    expect(complaints.filter((line) => !line.includes('wrong.ts'))).toEqual([])
    expect(complaints.some((line) => line.includes('wrong.ts'))).toBe(true)
  })

  const specs = EXAMPLES.filter(({ code }) => code.includes('export default spec('))
  it.each(specs.map((example) => [nameOf(example), example] as const))('holds: %s', async (name) => {
    const { default: spec } = (await import(pathToFileURL(join(folder, name)).href)) as { default: AnySpec }
    const { properties, verdict } = await check(spec)
    expect(properties.filter(({ result }) => result !== 'holds' && result !== 'reached')).toEqual([])
    expect(verdict).toBe('holds')
  })

  const models = EXAMPLES.filter(({ code }) => code.includes('const example = model('))
  it.each(models.map((example) => [nameOf(example), example] as const))(
    'can be explored: %s',
    async (name, { code }) => {
      const asSpec = `${completed(code)}export default spec({ name: 'example', model: () => example })\n`
      const path = join(folder, name.replace('.ts', '-run.ts'))
      writeFileSync(path, asSpec.includes(' spec }') ? asSpec : `import { spec } from 'kripke'\n${asSpec}`)
      const { default: spec } = (await import(pathToFileURL(path).href)) as { default: AnySpec }
      expect((await check(spec, { continue: true })).complete).toBe(true)
    },
  )
})
