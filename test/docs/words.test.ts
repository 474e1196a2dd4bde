/** Documentation, comments and messages avoid the words that make a reader read twice; sentences of pages are short. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../cli/kripke.ts'
import { findingsInPage, findingsInSource, shown, type Finding } from '../support/words.ts'

function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`)
}

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesIn('docs', '.md')]
const SOURCES = filesIn('src', '.ts')

describe('plain words', () => {
  const read = (place: string): string => readFileSync(join(ROOT, place), 'utf8')

  it.each(PAGES)('in %s', (page) => {
    expect(findingsInPage(page, read(page)).map(shown)).toEqual([])
  })

  it('in comments and messages', () => {
    expect(SOURCES.flatMap((source) => findingsInSource(source, read(source))).map(shown)).toEqual([])
  })
})

describe('tables', () => {
  it('escape the bars in code', () => {
    const broken = PAGES.flatMap((page) => {
      const rows = readFileSync(join(ROOT, page), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('|'))
      return rows.filter((row) => row.split(/(?<!\\)\|/).some((cell) => cell.split('`').length % 2 === 0))
    })
    expect(broken).toEqual([])
  })
})

describe('the check of words', () => {
  const places = (page: string): string[] => findingsInPage('page', page).map(({ line, why }) => `${line} ${why}`)

  it.each([
    'The answer is no boolean.',
    'It knows nothing of threads.',
    'Kripke tries in vain.',
    'It fails all the same.',
    'The thread waits for ever.',
    'Kripke explores those that differ.',
    'It says what is to be explored.',
    'It stops when there come to be more.',
    'The file is small, so with it Kripke starts sooner.',
    'All states but for two are safe.',
    'It is safe and yet slow.',
    'There are two, of which one waits.',
    'It stops, whether it be done or not.',
    'Of these states, Kripke explores one.',
    'Kripke is fast. Of two threads, one waits.',
  ])('finds %j in pages and in sources', (sentence) => {
    const linesOf = (findings: readonly Finding[]): number[] => [...new Set(findings.map(({ line }) => line))]
    expect(linesOf(findingsInPage('page', `# Title\n\n${sentence}\n`))).toEqual([3])
    expect(linesOf(findingsInSource('file', `const n = 1\n// ${sentence}\n`))).toEqual([2])
    expect(linesOf(findingsInSource('file', `const text = '${sentence}'\n`))).toEqual([1])
  })

  it('finds words that a line break separates', () => {
    expect(findingsInPage('page', 'It waits for\never.\n\n- It tries in\n  vain.\n').map(({ line }) => line)).toEqual([
      1, 4,
    ])
    expect(findingsInSource('file', '/**\n * It waits for\n * ever.\n */\n// in\n// vain\n')).toHaveLength(2)
  })

  it('accepts plain sentences', () => {
    const sentences = 'There is no deadlock. It is no longer slow. It is safe, but for each file it waits. Of course.'
    expect(places(sentences)).toEqual([])
  })

  it('finds sentences over 25 words, and shows them', () => {
    const words = (n: number): string => `${'word '.repeat(n - 1)}end.`
    expect(places(words(25))).toEqual([])
    expect(places(`${words(25)} Next one. ${words(3)}`)).toEqual([])
    const [found] = findingsInPage('page', `First.\n\nShort one. Long ${words(25)}\n`)
    expect(found).toMatchObject({ place: 'page', line: 3, text: `Long ${words(25)}` })
    expect(shown(found!)).toContain('has 26 words')
  })

  it('counts neither code, tables, headings nor the targets of links', () => {
    const many = 'word '.repeat(30)
    expect(places(`# ${many}\n\n| ${many} |\n\n\`\`\`ts\n${many} for ever\n\`\`\`\n\n<!-- ${many} -->\n`)).toEqual([])
    expect(places(`See [the page](${many.replaceAll(' ', '/')}) and \`${many}\`.`)).toEqual([])
  })

  it('takes each item of a list as a sentence of its own', () => {
    expect(places(`- ${'word '.repeat(20)}\n- ${'word '.repeat(20)}\n`)).toEqual([])
  })
})
