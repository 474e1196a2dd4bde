/** Every example of docs/writing-specs.md and docs/reference/typescript.md compiles, and every one that can run runs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
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

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** Creates a folder with modules, and a tsconfig.json for them. */
function folderWith(files: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(ROOT, 'test/docs/example-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  const config = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  return folder
}

/** The errors that the compiler finds in a folder. */
function compile(folder: string): string[] {
  const { stdout } = spawnSync(process.execPath, [TSC, '--project', folder], { encoding: 'utf8', cwd: ROOT })
  return stdout.split('\n').filter((line) => line.includes('error TS'))
}

const EXAMPLES = examplesOf(textOf('docs/writing-specs.md'))
const nameOf = ({ line }: Example): string => `line-${line}.ts`

describe('the examples of docs/writing-specs.md', () => {
  let folder = ''
  let complaints: string[] = []
  beforeAll(() => {
    folder = folderWith({
      ...Object.fromEntries(EXAMPLES.map((example) => [nameOf(example), completed(example.code)])),
      'wrong.ts': completed('export const State = schema({ n: range(0, "one") })'),
    })
    complaints = compile(folder)
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

describe('the examples of docs/reference/typescript.md', () => {
  const examples = examplesOf(textOf('docs/reference/typescript.md'))
  let folder = ''
  let complaints: string[] = []
  const start = process.cwd()

  beforeAll(() => {
    folder = folderWith({
      ...Object.fromEntries(examples.map((example) => [nameOf(example), example.code])),
      // As `kripke init my-design` writes it.
      'my-design.ts': textOf('templates/last-put.ts').replaceAll('last-put', 'my-design'),
      'two-phase-commit.ts': textOf('specs/classic/two-phase-commit.ts'),
      'wrong.ts':
        "import { check } from 'kripke'\nimport design from './my-design.ts'\nawait check(design, { constants: { gett: 1 } })\n",
    })
    complaints = compile(folder)
  })
  afterEach(() => {
    process.chdir(start)
    vi.restoreAllMocks()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are found', () => {
    expect(examples.length).toBeGreaterThan(6)
  })

  it('compile, and a wrong one does not', () => {
    expect(complaints.filter((line) => !line.includes('wrong.ts'))).toEqual([])
    expect(complaints.some((line) => line.includes('wrong.ts'))).toBe(true)
  })

  it.each(examples.map((example) => [nameOf(example), example] as const))(
    'print what they say: %s',
    async (name, { code }) => {
      process.chdir(folder)
      const log = vi.spyOn(console, 'log').mockImplementation(() => {})
      await import(pathToFileURL(join(folder, name)).href)
      const said = [...code.matchAll(/console\.log\(.*\) \/\/ (.+)$/gm)].map((match) => match[1])
      expect(log.mock.calls.length).toBeGreaterThan(0)
      if (said.length > 0) expect(log.mock.calls.map(([value]) => String(value))).toEqual(said)
    },
  )
})
