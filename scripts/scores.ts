/**
 * Checks the mutants of the specs that `MUTATED` of scripts/catalogue.ts lists, and writes their scores to docs/sizes.md.
 *
 *     npm run scores                     # all of them: some minutes
 *     npm run scores -- classic/bakery   # only these
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { format } from 'prettier'
import { MUTATED } from './catalogue.ts'
import { kripkeJson } from './kripke.ts'
import { rowOf, rowsOf, scoresSection, sectionOf, type Scored } from './scores-table.ts'

const PAGE = 'docs/sizes.md'
const { positionals } = parseArgs({ allowPositionals: true })
const page = readFileSync(PAGE, 'utf8')
const rows: string[][] = []
for (const mutated of MUTATED.filter(({ spec }) => positionals.length === 0 || positionals.includes(spec))) {
  const { spec, constants = {} } = mutated
  const given = Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const row = rowOf(mutated, await kripkeJson<Scored>(['mutate', `specs/${spec}.ts`, ...given]))
  rows.push(row)
  console.log(row.join(' · '))
}
// The first of two rows with the same spec and parameters counts, so new rows replace old ones.
const section = scoresSection(MUTATED, [...rows, ...rowsOf(sectionOf(page))])
writeFileSync(
  PAGE,
  await format(
    page.replace(sectionOf(page), () => section),
    { parser: 'markdown', printWidth: 100, proseWrap: 'always' },
  ),
)
