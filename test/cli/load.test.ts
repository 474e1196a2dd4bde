/** What kinds of modules a spec may be, and constants that are read before they are defined. */
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, kripkeJson, type Result } from './kripke.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'kripke-load-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes files, and runs a command on the first of them from their folder. */
function run(
  command: string,
  files: { readonly [name: string]: string },
  args: readonly string[] = [],
): Promise<Result> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return kripke([command, Object.keys(files)[0]!, ...args], { cwd: folder })
}

/** A spec that breaks if it does not share its classes with the checker. */
const MADE = `spec({
  name: 'counts',
  constants: { most: constant(range(1, 3), 2) },
  model: ({ most }) => model(S, {
    init: S(),
    deadlock: false,
    actions: { up: (s) => s.n < most && s.set('n', s.n + 1).set('log', List([s.n])) },
    invariants: { logged: (s) => s.n === 0 || s.log.equals(List([s.n - 1])) },
  }),
})`
const NAMES = '{ constant, listOf, model, range, schema, spec }'
const S = 'const S = schema({ n: range(0, 3), log: listOf(range(0, 3), 1) })'
const REQUIRED = `const ${NAMES} = require('kripke')\nconst { List } = require('immutable')\n${S}\n`
const IMPORTED = `import ${NAMES} from 'kripke'\nimport { List } from 'immutable'\n${S}\n`

const KINDS: { readonly [file: string]: string } = {
  'plain.cjs': `${REQUIRED}module.exports = ${MADE}`,
  'plain.js': `${REQUIRED}module.exports = ${MADE}`,
  'flag.cjs': `"use strict"\nObject.defineProperty(exports, '__esModule', { value: true })\n${REQUIRED}exports.default = ${MADE}`,
  'unflagged.cjs': `${REQUIRED}exports.default = ${MADE}`,
  'node.cjs': `const assert = require('assert')\nconst { join } = require('node:path')\nassert.equal(join('a', 'b').length, 3)\nassert(true)\n${REQUIRED}module.exports = ${MADE}`,
  'typed.cts': `${IMPORTED}export default ${MADE}`,
  'assigned.cts': `import kripke = require('kripke')\nimport immutable = require('immutable')\nconst ${NAMES} = kripke\nconst { List } = immutable\n${S}\nexport = ${MADE}`,
  'assigned.ts': `import kripke = require('kripke')\nimport immutable = require('immutable')\nconst ${NAMES} = kripke\nconst { List } = immutable\n${S}\nexport = ${MADE}`,
  'module.mjs': `${IMPORTED}export default ${MADE}`,
  'module.mts': `${IMPORTED}export default ${MADE}`,
  'whole.js': `import kripke from 'immutable'\nconst { List } = kripke\nimport * as it from 'kripke'\nconst ${NAMES} = it\n${S}\nexport default ${MADE}`,
}

describe('a spec', () => {
  it.each(Object.entries(KINDS))('may be %s', async (file, text) => {
    const once = await run('check', { [file]: text }, ['-c', 'most=3'])
    expect([once.status, once.stderr]).toEqual([0, ''])
    expect(once.stdout).toMatch(/4 distinct states/)
    // Out of the cache, and in threads of its own.
    const again = await kripkeJson(['check', file, '-c', 'most=3', '--workers', '2', '--interpret'], { cwd: folder })
    expect(again.document).toMatchObject({ verdict: 'holds', states: { distinct: 4 } })
  })

  it('may be CommonJS in every command', async () => {
    const files = { 'plain.cjs': KINDS['plain.cjs']! }
    const bench = await run('bench', files, ['--sweep', 'most=1..3', '--json'])
    expect(JSON.parse(bench.stdout).rows.map((row: any) => row.states.distinct)).toEqual([2, 3, 4])
    expect((await run('simulate', files, ['--workers', '2', '--runs', '20'])).stderr).toBe('')
    expect((await run('compare', files, ['--vary', 'most'])).status).toBe(0)
  })

  it('may import one that is CommonJS, and be imported by it', async () => {
    const files = {
      'outer.ts': `import inner from './inner.cjs'\nexport default inner`,
      'inner.cjs': `const { S, List, ${NAMES.slice(2, -2)} } = require('./shared.ts')\nmodule.exports = ${MADE}`,
      'shared.ts': `export * from 'kripke'\nimport { listOf, range, schema } from 'kripke'\nexport { List } from 'immutable'\nexport ${S}`,
    }
    expect(await run('check', files)).toMatchObject({ status: 0, stderr: '' })
  })

  it('may be CommonJS behind a link', async () => {
    writeFileSync(join(folder, 'behind.cjs'), KINDS['unflagged.cjs']!)
    symlinkSync(join(folder, 'behind.cjs'), join(folder, 'link.cjs'))
    expect(await kripke(['check', 'link.cjs'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' })
  })

  it('that is CommonJS and exports no spec is told how to', async () => {
    const { status, stderr } = await run('check', { 'none.cjs': `${REQUIRED}exports.mine = ${MADE}` })
    expect(status).toBe(150)
    expect(stderr).toMatch(/KR202: none\.cjs [^]*hint: .*module\.exports = spec\(/)
  })
})

const HEAD = `import { model, range, schema, spec } from 'kripke'\n`
const rest = (most: string): string =>
  `const S = schema({ n: range(0, ${most}) })\nexport default spec({ name: 'x', model: () => model(S, { init: S(), deadlock: false, actions: { a: (s) => s } }) })`

describe('a constant that is read before it is defined', () => {
  it.each<[string, { readonly [file: string]: string }, RegExp]>([
    [
      'in a circle of two files',
      {
        'a/a.ts': `${HEAD}import { most } from './b.ts'\nexport const top = 3\n${rest('most')}`,
        'a/b.ts': `import { top } from './a.ts'\n\nexport const most = 1 + top`,
      },
      /"top" is read before it is defined, because these files import each other: a\.ts -> b\.ts -> a\.ts\n  at +a\/b\.ts:3:25\n  hint: move "top" to a module of its own/,
    ],
    [
      'though nothing fails by it',
      {
        'b/a.ts': `${HEAD}import { isHigh } from './b.ts'\nexport const top = 3\n${rest('isHigh ? 3 : 2')}`,
        'b/b.ts': `import { top } from './a.ts'\nexport const isHigh = top > 2`,
      },
      /"top" is read before it is defined[^]*at +b\/b\.ts:2:23/,
    ],
    [
      'in a circle of three files, through one that exports again what another does',
      {
        'c/a.ts': `${HEAD}import { most } from './b.ts'\nexport class Top { static top = 3 }\n${rest('most')}`,
        'c/b.ts': `import { Top } from './c.ts'\nexport const most = Top.top`,
        'c/c.ts': `export * from './a.ts'`,
      },
      /"Top" is read before it is defined, because [^]*: a\.ts -> b\.ts -> c\.ts -> a\.ts\n  at +c\/b\.ts:2:21/,
    ],
    [
      'as a default export',
      {
        'd/a.ts': `${HEAD}import { most } from './b.ts'\n${rest('most')}`,
        'd/b.ts': `import whole from './a.ts'\nexport const most = whole.name.length`,
      },
      /the default export is read before it is defined[^]*at +d\/b\.ts:2:21/,
    ],
    [
      'by a function that another file calls',
      {
        'e/a.ts': `${HEAD}import { most } from './b.ts'\nconst top = 3\nexport function high() {\n  return top\n}\n${rest('most')}`,
        'e/b.ts': `import { high } from './a.ts'\nexport const most = high()`,
      },
      /"top" is read before it is defined, because [^]*at +e\/a\.ts:5:3/,
    ],
    [
      'in one file',
      { 'f/a.ts': `${HEAD}${rest('top')}\nconst top = 3` },
      /"top" is read before it is defined\n  at +f\/a\.ts:2:32\n  hint: move the definition of "top" above its first use/,
    ],
  ])('is named: %s', async (_, files, message) => {
    for (const status of [150, 150]) {
      const result = await run('check', files)
      expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)])
    }
  })

  it('is none where files of a circle read each other later', async () => {
    const files = {
      'g/a.ts': `${HEAD}import { most } from './b.ts'\nexport const top = 3\n${rest('most()')}`,
      'g/b.ts': `import { top } from './a.ts'\nexport const most = () => 3\nexport const later = () => top`,
    }
    expect(await run('check', files)).toMatchObject({ status: 0, stderr: '' })
  })

  it('does not hide another mistake', async () => {
    const { status, stderr } = await run('check', { 'h.ts': `${HEAD}${rest('-1')}` })
    expect([status, stderr]).toEqual([150, expect.stringMatching(/KR204: range\(0, -1\) .*\n  at +h\.ts:2:23/)])
  })
})

describe('an error about a part of a model', () => {
  it.each<[string, string, RegExp]>([
    [
      'an invariant that returns no boolean',
      `invariants: {\n safe: (s) => s.n,\n},`,
      /KR506: invariant "safe" must return[^]*at +part\.ts:5:8/,
    ],
    [
      'a conjunct that returns no boolean',
      `invariants: {\n safe: { low: (s) => s.n < 9,\n each: forAll({ k: range(0, 1) },\n (s) => s.n) } },`,
      /KR506: invariant "safe" \(each\(k=0\)\) must return[^]*at +part\.ts:7:2/,
    ],
    [
      'two properties of one name',
      `invariants: { x: () => true },\ngoals: {\n x: () => true },`,
      /KR205: property "x".*\n  at +part\.ts:6:5/,
    ],
    [
      'an action with a comma',
      `invariants: {},\nmeasures: {\n 'a,b': (s) => s.n },`,
      /KR205: measure "a,b"[^]*at +part\.ts:6:9/,
    ],
    [
      'a conjunct over too much',
      `constraints: { small: { low: () => true,\n each: forAll({ k: range(0, 1e6) }, () => true) } },`,
      /KR206: constraint "small" \(each\)[^]*at +part\.ts:5:8/,
    ],
    [
      'a conjunct that is none',
      `invariants: {\n safe: { low: always(() => true) } },`,
      /KR206: "safe" in invariants \(low\) must be[^]*at +part\.ts:5:15/,
    ],
  ])('shows its own line: %s', async (_, parts, message) => {
    const text = `import { always, forAll, model, range, schema, spec } from 'kripke'
const S = schema({ n: range(0, 3) })
export default spec({ name: 'part', model: () => model(S, { init: S(), deadlock: false, actions: { a: (s) => s },
${parts} }) })`
    const { stderr } = await run('check', { 'part.ts': text })
    expect(stderr).toMatch(message)
  })
})
