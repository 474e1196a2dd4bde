/** Packages that a spec imports: bundled with it, and given what Node would give them. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, ROOT, type Result } from './kripke.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kripke-test-')))
  write('limit.json', '{ "limit": 4 }')
  pack('esm', { type: 'module' }, 'export const limit = 4')
  pack('@scope/cjs', {}, 'module.exports.limit = 4')
  pack(
    'asks',
    {},
    "const { dirname } = require('node:path'), fs = require('fs')\nmodule.exports = { limit: JSON.parse(fs.readFileSync(__dirname + '/data.json')).limit, same: dirname(__filename) === __dirname }",
  )
  write('node_modules/asks/data.json', '{ "limit": 4 }')
  pack('computes', {}, "const name = './ot' + 'her.js'\nmodule.exports = require(name)")
  pack('broken', {}, "module.exports = require('./addon.node')")
  write('node_modules/broken/addon.node', 'no machine code')
})
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

function pack(name: string, description: object, code: string): void {
  write(
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...description }),
  )
  write(`node_modules/${name}/index.js`, code)
}

/** A spec that holds if the `limit` that these lines define is 4. */
function specWith(lines: string): string {
  return write(
    'limited.ts',
    `import { model, range, schema, spec } from 'kripke'
${lines}
const State = schema({ n: range(0, 3) })
export default spec({ name: 'limited', model: () => model(State, {
  init: State(),
  actions: { up: (s) => (s.n < 3 ? s.set('n', s.n + 1) : s) },
  invariants: { few: (s) => s.n < limit && limit === 4 },
}) })
`,
  )
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> =>
  kripke(args, { cwd: folder, env: { KRIPKE_CACHE: join(folder, 'cache'), ...env } })

/** An addon of a package that Kripke itself depends on; undefined where there is none for this machine. */
function anyAddon(): string | undefined {
  return readdirSync(join(ROOT, 'node_modules'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.node') && name.includes(`${process.platform}-${process.arch}`))
    .filter((name) => !name.includes('musl'))
    .map((name) => join(ROOT, 'node_modules', name))
    .find((path) => statSync(path).size < 2e6)
}

describe('a package that is installed', () => {
  it.each([
    ['an ES module', "import { limit } from 'esm'"],
    ['an ES module, when it is needed', "const { limit } = await import('esm')"],
    ['CommonJS', "import { limit } from '@scope/cjs'"],
    [
      'CommonJS that asks where it lies, and requires what Node has',
      "import asks from 'asks'\nconst limit = asks.same ? asks.limit : 0",
    ],
    [
      'required',
      "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\nconst { limit } = require('asks')",
    ],
    ['JSON', "import data from './limit.json'\nconst { limit } = data"],
    ['JSON, and says so', "import data from './limit.json' with { type: 'json' }\nconst { limit } = data"],
    [
      'a file beside the spec',
      "import { readFileSync } from 'node:fs'\nconst { limit } = JSON.parse(readFileSync(new URL('limit.json', import.meta.url), 'utf8'))",
    ],
    [
      'names that CommonJS has',
      "import { dirname } from 'node:path'\nimport { fileURLToPath } from 'node:url'\nconst __filename = fileURLToPath(import.meta.url), __dirname = dirname(__filename)\nconst limit = __filename.endsWith('limited.ts') ? 4 : __dirname.length - 1000",
    ],
    ['a type alone', "import type { Missing } from 'left-out'\nconst limit: Missing = 4"],
  ])('as %s', async (_, lines) => {
    const path = specWith(lines)
    for (const options of [[], [], ['--workers', '2'], ['--engine', 'symbolic']]) {
      const { status, stdout, stderr } = await run(['check', path, '--quiet', ...options])
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'limited holds\n', stderr: '' })
    }
    expect((await run(['check', path, '--quiet'], { KRIPKE_CACHE: 'off' })).status).toBe(0)
    expect((await run(['simulate', path, '--quiet', '--runs', '20', '--workers', '2'])).status).toBe(0)
  })

  it('as a native addon', async ({ skip }) => {
    const addon = anyAddon()
    if (addon === undefined) return skip('needs a native addon for this machine among the packages installed')
    pack('native', {}, "module.exports = { limit: typeof require('./addon.node') === 'object' ? 4 : 0 }")
    copyFileSync(addon, join(folder, 'node_modules/native/addon.node'))
    const path = specWith("import native from 'native'\nconst { limit } = native")
    for (const options of [[], [], ['--workers', '2']]) {
      const { status, stderr } = await run(['check', path, '--quiet', ...options])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    }
  })
})

describe('a package that cannot be used', () => {
  it.each([
    ['import', "import { limit } from 'left-out'", 'left-out', '2:23'],
    ['import of a part', "import { limit } from '@left/out/part.js'", '@left/out', '2:23'],
    ['import when it is needed', "const { limit } = await import('left-out')", 'left-out', '2:32'],
    ['require', "declare const require: any\nconst { limit } = require('left-out')", 'left-out', '3:27'],
    [
      'require of Node',
      "import { createRequire } from 'node:module'\nconst { limit } = createRequire(import.meta.url)('left-out')",
      'left-out',
      '3:',
    ],
  ])('is named, with its line and what to do, by %s', async (_, lines, name, at) => {
    const path = specWith(lines)
    const { status, stdout, stderr } = await run(['check', path])
    expect({ status, stdout }).toEqual({ status: 150, stdout: '' })
    const [sentence, place, hint, ...rest] = stderr.split('\n')
    expect(sentence).toMatch(/^error KR201: /)
    expect(sentence).toContain(`${path}: `)
    expect(sentence).toContain(` ${name} `)
    expect(place).toMatch(new RegExp(`limited\\.ts:${at}`))
    expect([hint, ...rest]).toEqual([expect.stringMatching(new RegExp(`^  hint: .*npm install ${name}$`)), ''])
  })

  it.each([
    ['a file that is not there', "import { limit } from './left-out'", 'Could not resolve "./left-out"'],
    ['a part that a package does not have', "import { limit } from 'esm/left-out'", 'Could not resolve "esm/left-out"'],
    [
      'a name that it computes',
      "import { limit } from 'computes'",
      'a package requires "./other.js" by a computed name',
    ],
    ['an addon of something else', "import { limit } from 'broken'", 'addon.node: '],
  ])('because of %s is not called missing', async (_, lines, sentence) => {
    const { status, stderr } = await run(['check', specWith(lines)])
    expect(status).toBe(150)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/npm install|\n {4}at /)
  })
})
