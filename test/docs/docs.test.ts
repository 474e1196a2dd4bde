/** What the README and docs/ show is what the program does. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, ROOT } from '../cli/kripke.ts'
import { TRACE_FORMATS } from '../../src/cli/commands/trace-files.ts'
import * as statuses from '../../src/cli/exit-status.ts'
import { ERRORS } from '../../scripts/error-entries.ts'
import { SAMPLE_COLUMNS } from '../../scripts/kripke.ts'
import { blocksOf, folderFor, pagesOf, renewed, timeless } from '../../scripts/docs-pages.ts'
import { commandsOf, section } from '../../scripts/docs-sections.ts'
import { PARTS } from '../../scripts/schemas.ts'
import { itInAll, some } from '../support/amount.ts'

const PAGES = pagesOf(ROOT).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
const FILES = PAGES.flatMap(({ text }) => blocksOf(text, 'file'))
const OUTPUTS = PAGES.flatMap(({ path, text }) => blocksOf(text, 'output of').map((block) => ({ path, ...block })))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-docs-'))
  for (const { of, text } of FILES) writeFileSync(join(folder, of), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the documentation', () => {
  // The states of the protocol are many.
  const isSmall = ({ path }: { readonly path: string }): boolean => path !== 'docs/seen-set.md'

  it.each(some(OUTPUTS, isSmall).map((block) => [`${block.path}: ${block.of}`, block] as const))(
    'shows what is printed; else: npm run docs: %s',
    async (_, { of, text }) => {
      const env = { COLUMNS: String(SAMPLE_COLUMNS) }
      const cwd = folderFor(of, FILES, { root: ROOT, files: folder })
      const { stdout, stderr } = await kripke(of.split(' '), { cwd, env })
      expect(timeless(stdout || stderr)).toBe(timeless(text))
    },
  )

  it.each(PAGES.filter(({ text }) => text.includes('<!-- generated: ')).map(({ path, text }) => [path, text] as const))(
    'has the sections that the code gives; else: npm run docs: %s',
    async (_, text) => {
      expect(await renewed(text, { section, output: () => Promise.resolve(undefined) })).toBe(text)
    },
  )

  it('says true things about its example', async () => {
    const { stdout } = await kripke(['check', 'my-design.ts', '-c', 'get=unless-zero'], { cwd: folder })
    expect(stdout).toMatch(/holds[^]*75 distinct states/)
    expect(FILES.find(({ of }) => of === 'my-design.ts')!.text.split('\n').length).toBeLessThanOrEqual(35)
  })

  it('has an example of testing a spec that passes', () => {
    const place = mkdtempSync(join(ROOT, 'test/docs/example-'))
    try {
      for (const { of, text } of FILES) writeFileSync(join(place, of), text)
      const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
      const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', place], {
        cwd: ROOT,
        encoding: 'utf8',
      })
      expect(status, stdout + stderr).toBe(0)
      expect(stdout).toMatch(/2 passed/)
    } finally {
      rmSync(place, { recursive: true })
    }
  })

  it('has a toy checker that gets the published counts', () => {
    const { stdout } = spawnSync(process.execPath, ['docs/toy-checker.mjs'], { cwd: ROOT, encoding: 'utf8' })
    // As for the spec itself: tlaplus/Examples, TwoPhase.cfg.
    expect(stdout).toMatch(/^288 distinct states, 1146 generated, depth 11, \d\d calls of the spec\n$/)
  })

  itInAll('shows the growth that is measured', async () => {
    const drawn = join(folder, 'growth.svg')
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const command = /^npx kripke (bench .*) --svg (docs\/.*\.svg)$/m.exec(readme)!
    expect((await kripke([...command[1]!.split(' '), '--svg', drawn])).status).toBe(0)
    expect(readFileSync(drawn, 'utf8')).toBe(readFileSync(join(ROOT, command[2]!), 'utf8'))
  })

  it('links only to files that exist', () => {
    for (const { path, text } of PAGES) {
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(existsSync(join(ROOT, dirname(path), target!)), `${path} links to ${target}`).toBe(true)
      }
    }
  })

  const reference = (name: string): string => PAGES.find(({ path }) => path === `docs/reference/${name}.md`)!.text

  it('has a section, a table of options and an example for every command', () => {
    const page = reference('commands')
    const named = commandsOf().map((command) => command.name())
    expect(named).toContain('check')
    for (const name of named) {
      const [, body] = page.split(`\n## kripke ${name}\n`)
      expect(body, name).toBeDefined()
      const own = body!.split('\n## ')[0]!
      expect(own).toContain(`<!-- generated: options of ${name} -->`)
      expect(own).toMatch(/<!-- output of: |\n```(?:text|sh)\n\$? ?npx kripke /)
    }
  })

  it('lists the options that --help lists', async () => {
    for (const name of ['check', 'graph', 'replay']) {
      const { stdout } = await kripke([name, '--help'])
      const flags = [...stdout.matchAll(/^ {2,}(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]!)
      const listed = [...section(`options of ${name}`).matchAll(/^\| `(?:-\w, )?(--[\w-]+)/gm)].map(
        (match) => match[1]!,
      )
      expect(listed.length).toBeGreaterThan(3)
      expect([...listed, '--help']).toEqual(flags)
    }
  })

  it('lists every error', () => {
    const headings = [...reference('errors').matchAll(/^### (KR\d+)$/gm)].map((match) => match[1]!)
    expect(headings).toEqual(Object.keys(ERRORS))
  })

  it('lists every exit status', () => {
    const listed = [...reference('commands').matchAll(/^\| +(\d+) \|/gm)].map((match) => Number(match[1]))
    expect(listed).toEqual(Object.values(statuses).filter((it) => typeof it === 'number'))
  })

  it('lists every trace format', () => {
    for (const format of TRACE_FORMATS) expect(reference('formats')).toMatch(new RegExp(`^\\| \`${format}\` `, 'm'))
  })

  it('lists every warning', () => {
    const [, body] = reference('formats').split('\n### warning\n')
    const listed = [
      ...body!.split('\n## ')[0]!.matchAll(/^\| `([a-z]+-[a-z-]+|constrained|budget|interpreted|undecided|view)` /gm),
    ]
    const { code } = PARTS['warning']!['properties'] as { readonly code: { readonly examples: readonly string[] } }
    expect(listed.map((match) => match[1])).toEqual(code.examples)
  })

  it('has nothing left to fill in', () => {
    for (const { text } of PAGES) expect(text).not.toMatch(/^[A-Z]{3,}$/m)
  })
})

describe('the renewal of pages', () => {
  const page = (table: string, output: string): string =>
    `a\n<!-- generated: t -->\n${table}<!-- end -->\nb\n<!-- output of: check x -->\n\n\`\`\`text\n${output}\`\`\`\nc\n`
  const renew = (text: string, table: string, output: string): Promise<string> =>
    renewed(text, { section: () => table, output: async () => output })
  const table = '\n| a   | b   |\n| --- | --- |\n| 1   | 2   |\n\n'

  it('replaces sections and outputs, and nothing else', async () => {
    const text = await renew(page('', 'old\n'), '| a | b |\n|---|---|\n| 1 | 2 |', 'new 1\n')
    expect(text).toBe(page(table, 'new 1\n'))
    expect(await renew(text, table, 'new 1\n')).toBe(text)
  })

  it('keeps an output of which only times differ', async () => {
    const old =
      'n  distinct  seconds  growth\n1        42     0.40\n2        99    10.25     2.1\n\n7 states, 0.08 s, 3 calls\n'
    const slower = old.replace('  0.40', ' 12.40').replace('0.08', '1.50')
    const other = old.replace('42', '43')
    expect(await renew(page(table, old), table, slower)).toBe(page(table, old))
    expect(await renew(page(table, old), table, other)).toBe(page(table, other))
    expect(await renew(page(table, old), table, old.replace('2.1', '2.2'))).not.toBe(page(table, old))
    expect(timeless('{ "seconds": 0.1, "depth": 2 }')).toBe(timeless('{ "seconds": 2, "depth": 2 }'))
  })

  it('refuses a comment without anything below', async () => {
    await expect(renew('<!-- generated: t -->\n', table, '')).rejects.toThrow('<!-- generated')
    await expect(renew('<!-- output of: check x -->\n\ntext\n', table, '')).rejects.toThrow('<!-- output of')
  })

  it('knows its sections', () => {
    expect(() => section('options of nothing')).toThrow('"nothing"')
    expect(() => section('fields of nothing')).toThrow('"nothing"')
    expect(() => section('nothing')).toThrow('"nothing"')
  })
})
