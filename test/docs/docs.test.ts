/** What the README and docs/ show is what the program does. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kripke, ROOT } from '../cli/kripke.ts'
import { itInAll, some } from '../support/amount.ts'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...['docs', 'docs/architecture'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((name) => (name.includes('.') ? [`${folder}/${name}`] : [])),
  ),
]

interface Block {
  readonly page: string
  /** From the comment above: a file's name, or the arguments of a command. */
  readonly of: string
  readonly text: string
}

/** The code blocks of all pages under a comment of this kind. */
function blocks(kind: 'file' | 'output of'): Block[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8')
    const pattern = new RegExp(`<!-- ${kind}: (.*?) -->\\s+\`\`\`\\w+\\n([^]*?)\`\`\``, 'g')
    return [...text.matchAll(pattern)].map((match) => ({ page, of: match[1]!, text: match[2]! }))
  })
}

/** Times and memory are the machine's. */
function timeless(text: string): string {
  return text.replaceAll(/ +\d+\.\d+$/gm, ' 0.00').replaceAll(/, \d+\.\d+ s, /g, ', 0.00 s, ')
}

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-docs-'))
  for (const { of, text } of blocks('file')) writeFileSync(join(folder, of), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the documentation', () => {
  // The states of the protocol are many.
  const isSmall = ({ page }: Block): boolean => page !== 'docs/seen-set.md'

  it.each(some(blocks('output of'), isSmall).map((block) => [`${block.page}: ${block.of}`, block] as const))(
    'shows what is printed: %s',
    async (_, { of, text }) => {
      const inFolder = blocks('file').some((file) => of.includes(file.of))
      const { stdout } = await kripke(of.split(' '), { cwd: inFolder ? folder : ROOT })
      expect(timeless(stdout)).toBe(timeless(text))
    },
  )

  it('says true things about its example', async () => {
    const { stdout } = await kripke(['check', 'last-put.ts', '-c', 'get=unless-zero'], { cwd: folder })
    expect(stdout).toMatch(/holds[^]*75 distinct states/)
    expect(
      blocks('file')
        .find(({ of }) => of === 'last-put.ts')!
        .text.split('\n').length,
    ).toBeLessThanOrEqual(35)
  })

  it('has an example of testing a spec that passes', () => {
    const place = mkdtempSync(join(ROOT, 'test/docs/example-'))
    try {
      for (const { of, text } of blocks('file')) writeFileSync(join(place, of), text)
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

  it('links to what there is', () => {
    for (const page of PAGES) {
      const text = readFileSync(join(ROOT, page), 'utf8')
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect(existsSync(join(ROOT, dirname(page), target!)), `${page} links to ${target}`).toBe(true)
      }
    }
  })

  it('lists every command and option that there is', async () => {
    const reference = readFileSync(join(ROOT, 'docs/reference.md'), 'utf8')
    for (const command of ['check', 'compare', 'bench', 'simulate', 'replay', 'graph', 'info']) {
      const { stdout } = await kripke([command, '--help'])
      const options = [...stdout.matchAll(/^ {2,}(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1]!)
      expect(options.length).toBeGreaterThan(1)
      for (const option of options) if (option !== '--help') expect(reference).toContain(option)
    }
  })

  it('lists every error, in the words of the file that owns them', () => {
    const errors = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8')
    const reference = readFileSync(join(ROOT, 'docs/reference.md'), 'utf8')
    const codes = [...errors.matchAll(/code: '(KR\d+)'/g)].map((match) => match[1]!)
    expect(new Set(codes).size).toBe(codes.length)
    const documented = [...errors.matchAll(/^\/\*\* (KR\d+): (.*?)\.(?: .*)? \*\/$/gm)].map(
      ([, code, text]) => `${code} ${text}`,
    )
    const listed = [...reference.matchAll(/^\| (KR\d+) +\| (.*?) +\|$/gm)].map(([, code, text]) => `${code} ${text}`)
    expect(documented.length).toBe(codes.length)
    expect(listed).toEqual(documented.toSorted())
  })

  it('has nothing left to fill in', () => {
    for (const page of PAGES) expect(readFileSync(join(ROOT, page), 'utf8')).not.toMatch(/^[A-Z]{3,}$/m)
  })
})
