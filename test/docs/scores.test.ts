/** The scores of the specs in docs/sizes.md. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTATED } from '../../scripts/catalogue.ts'
import { rowOf, rowsOf, scoresSection, sectionOf, type Scored } from '../../scripts/scores-table.ts'
import { kripkeJson, ROOT } from '../cli/kripke.ts'
import { first } from '../support/amount.ts'

const PAGE = readFileSync(join(ROOT, 'docs/sizes.md'), 'utf8')

/** The specs of a folder, and of the folders in it. */
const specsIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter(
      (path) => path.endsWith('.ts') && readFileSync(join(ROOT, folder, path), 'utf8').includes('export default spec('),
    )
    .map((path) => path.replace(/\.ts$/, ''))

const row = (spec: string) => MUTATED.findIndex((it) => it.spec === spec)

describe('the scores of the specs', () => {
  it('are in docs/sizes.md for each spec; else: npm run scores', () => {
    expect([...new Set(MUTATED.map(({ spec }) => spec))].sort()).toEqual(specsIn('specs').sort())
    const shown = rowsOf(sectionOf(PAGE))
    expect(shown.map(([spec]) => spec)).toEqual(MUTATED.map(({ spec }) => spec))
  })

  it.each(first(2, ['classic/two-phase-commit', 'classic/peterson', 'stale-exposure', 'kernel/spinlock']))(
    'of %s are as docs/sizes.md says; else: npm run scores',
    async (spec) => {
      const { document } = await kripkeJson(['mutate', `specs/${spec}.ts`])
      expect(rowsOf(sectionOf(PAGE))[row(spec)]).toEqual(rowOf(MUTATED[row(spec)]!, document as unknown as Scored))
    },
  )

  it('are renewed for some specs, and kept for the others', () => {
    const scored = (survived: number): Scored => ({
      counts: { unreached: 1, equivalent: 2, noticed: 3, failed: 4, undecided: 5, survived },
      score: 0.999,
      mutants: [1, 2, 3],
    })
    const catalogue = [{ spec: 'a' }, { spec: 'b', constants: { n: 1 }, survivors: 'these only wait.' }]
    const old = scoresSection(
      catalogue,
      catalogue.map((mutated) => rowOf(mutated, scored(6))),
    )
    const section = scoresSection(catalogue, [rowOf(catalogue[1]!, scored(7)), ...rowsOf(old)])
    expect(rowsOf(section)).toEqual([
      ['a', 'defaults', '3', '1', '2', '3', '4', '5', '6', '99 %'],
      ['b', 'n=1', '3', '1', '2', '3', '4', '5', '7', '99 %'],
    ])
    expect(section).toContain('- **b**: these only wait.')
    expect(sectionOf(`before\n${section}\nafter`)).toBe(section)
  })
})
