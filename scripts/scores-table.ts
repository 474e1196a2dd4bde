/** The scores of the mutants of the specs, as a section of docs/sizes.md. */
import { count } from '../src/report/show.ts'
import { parameters, table } from './sizes-page.ts'
import type { Mutated } from './catalogue.ts'

/** The part of the document of `kripke mutate --json` that the table shows. */
export interface Scored {
  readonly counts: { readonly [verdict: string]: number }
  readonly score: number | null
  readonly mutants: readonly unknown[]
}

const FIRST = '<!-- scores -->'
const LAST = '<!-- /scores -->'

const HEAD = [
  'spec',
  'parameters',
  'mutants',
  'not reached',
  'equivalent',
  'by a property',
  'by an error',
  'undecided',
  'not noticed',
  'score',
]

/** The section of a page, with its marks. @throws {Error} if there is none */
export function sectionOf(page: string): string {
  const [begin, end] = [page.indexOf(FIRST), page.indexOf(LAST)]
  if (begin < 0 || end < begin) throw new Error(`the page must have ${FIRST} and ${LAST}`)
  return page.slice(begin, end + LAST.length)
}

/** A row of the table. */
export function rowOf(mutated: Mutated, { counts, score, mutants }: Scored): string[] {
  const shown = ['unreached', 'equivalent', 'noticed', 'failed', 'undecided', 'survived'].map((it) =>
    count(counts[it]!),
  )
  const part = score === null ? '–' : `${Math.floor(score * 100)} %`
  return [...keyOf(mutated), count(mutants.length), ...shown, part]
}

/** The rows that a section shows. */
export function rowsOf(section: string): string[][] {
  const cells = section.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
  return cells.filter((row) => row.length === HEAD.length && row[0] !== HEAD[0] && !row[0]!.startsWith('---'))
}

/**
 * The section: the rows in the order of the catalogue, and why mutants survive.
 *
 * @param rows - new rows, or else rows of the old section
 */
export function scoresSection(catalogue: readonly Mutated[], rows: readonly (readonly string[])[]): string {
  const known = catalogue.flatMap((mutated) => {
    const row = rows.find((it) => keyOf(mutated).every((cell, at) => it[at] === cell))
    return row === undefined ? [] : [row]
  })
  const reasons = catalogue.flatMap(({ spec, survivors }) =>
    survivors === undefined ? [] : [`- **${spec}**: ${survivors}`],
  )
  return [
    FIRST,
    '',
    '## What the properties notice',
    '',
    '`kripke mutate` changes each spec in small ways, one at a time, and checks each mutant. The score is',
    'the part of the mutants that a property or an error notices. Mutants that are equivalent or not',
    'reached do not count. Each spec is in a design that keeps its promises, if it has one.',
    '',
    '`npm run scores` writes this section; `MUTATED` in `scripts/catalogue.ts` lists its rows.',
    '',
    ...table([HEAD, ...known]),
    '',
    'Why mutants of some specs survive:',
    '',
    ...reasons,
    '',
    LAST,
  ].join('\n')
}

function keyOf({ spec, constants = {} }: Mutated): [spec: string, parameters: string] {
  return [spec, parameters(constants)]
}
