/** `kripke check --types`: the project's own TypeScript, the nearest tsconfig.json, and errors as Kripke shows them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDiagnostics } from '../../src/cli/type-check/diagnostics.ts'
import { kripke, kripkeJson, ROOT } from './kripke.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/kripke'))
  symlinkSync(join(ROOT, 'node_modules/typescript'), join(folder, 'node_modules/typescript'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const spec = (first: string): string => `import { model, range, schema, spec } from 'kripke'
${first}
const State = schema({ n: range(0, 3) })
export default spec({ name: 'small', model: () => model(State, {
  init: State(), actions: { up: (s) => s.n < 3 && s.set('n', s.n + 1) }, deadlock: false }) })
`

const check = (...args: string[]) => kripkeJson(['check', 'small.ts', '--types', ...args], { cwd: folder })

describe('kripke check --types', () => {
  it('checks the spec if the types are right, without a tsconfig.json too', async () => {
    write('small.ts', spec('export const one: number = 1'))
    expect(await check()).toMatchObject({ status: 0, document: { verdict: 'holds' } })
    expect(readdirSync(join(folder, 'node_modules')).toSorted()).toEqual(['kripke', 'typescript'])
  })

  it('shows the first error, up to four more, and how many there are besides; status 120', async () => {
    write('small.ts', spec(Array.from({ length: 7 }, (_, n) => `export const text${n}: string = ${n}`).join('\n')))
    const { status, document } = await check()
    expect(status).toBe(120)
    expect(document.error).toMatchObject({ code: 'KR212', at: 'small.ts:2:14', hint: expect.any(String) })
    expect(document.error.message).toMatch(/number.*string.*\(TS2322\)$/)
    expect(Object.keys(document.error.details)).toEqual([...[3, 4, 5, 6].map((line) => `small.ts:${line}:14`), 'more'])
    expect(document.error.details.more).toMatch(/^2 /)
    expect(document.properties).toBeUndefined()
    // Without the option types do not matter.
    expect((await kripke(['check', 'small.ts'], { cwd: folder })).status).toBe(0)
  })

  it('takes the options of the nearest tsconfig.json, whatever it says about files and output', async () => {
    write('small.ts', spec('export const far: { a?: string } = { a: undefined }'))
    expect((await check()).status).toBe(0)
    write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...{ module: 'esnext', moduleResolution: 'bundler', target: 'es2023', strict: true, skipLibCheck: true },
          ...{ exactOptionalPropertyTypes: true, composite: true, emitDeclarationOnly: true },
          ...{ rootDir: 'src', outDir: 'out' },
        },
        include: ['src'],
      }),
    )
    const { status, document } = await check()
    expect(status).toBe(120)
    expect(document.error).toMatchObject({ code: 'KR212', message: expect.stringMatching(/\(TS2375\)$/) })
    expect(document.error.at).toBe('small.ts:2:14')
    expect(readdirSync(folder).toSorted()).toEqual(['node_modules', 'small.ts', 'tsconfig.json'])
  })

  it('finds errors in what the spec imports, types alone too', async () => {
    write('small.ts', spec("import type { Size } from './size.js'\nexport const size: Size = 1"))
    write('size.ts', 'export type Size = Missing\n')
    expect((await check()).document.error).toMatchObject({ code: 'KR212', at: 'size.ts:1:20' })
  })

  it('shows a mistake in the tsconfig.json', async () => {
    write('small.ts', spec(''))
    write('tsconfig.json', '{ "compilerOptions": { "target": "es1" } }')
    const { status, document } = await check()
    expect([status, document.error.code]).toEqual([120, 'KR212'])
    expect(document.error.at).toMatch(/^tsconfig\.json:1:/)
  })

  it('says how to install TypeScript if it is not there', async () => {
    write('small.ts', spec(''))
    rmSync(join(folder, 'node_modules/typescript'))
    const { status, document } = await check()
    expect(status).toBe(151)
    expect(document.error).toMatchObject({ code: 'KR107', hint: expect.stringMatching(/npm install .*typescript/) })
  })

  it('leaves a missing file to the loader', async () => {
    expect(await check()).toMatchObject({ status: 150, document: { error: { code: 'KR201' } } })
  })
})

describe('what TypeScript prints', () => {
  it('is read with places, reasons, and files', () => {
    const output = [
      "specs/a(1).ts(3,7): error TS2322: Type 'A' is not assignable to type 'B'.",
      "  Types of property 'a' are incompatible.",
      "    Type 'string' is not assignable to type 'number'.",
      "error TS5023: Unknown compiler option 'x'.",
      '/far/lib.d.ts',
      '',
    ].join('\r\n')
    expect(parseDiagnostics(output, '/here')).toEqual({
      diagnostics: [
        {
          message: "Type 'A' is not assignable to type 'B'",
          code: 'TS2322',
          at: '/here/specs/a(1).ts:3:7',
          because: ["Types of property 'a' are incompatible", "Type 'string' is not assignable to type 'number'"],
        },
        { message: "Unknown compiler option 'x'", code: 'TS5023', at: undefined, because: [] },
      ],
      files: ['/far/lib.d.ts'],
    })
  })
})
