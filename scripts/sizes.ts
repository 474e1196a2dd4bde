/**
 * Measures how many states the specs of scripts/catalogue.ts have, and writes docs/sizes.md and docs/sizes.svg.
 *
 *     npm run sizes                          # all of them
 *     npm run sizes -- --max-seconds 600     # cut a variant later than after two minutes
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadDraw } from '../src/report/chart/draw.ts'
import { CATALOGUE, nameOf, type Entry } from './catalogue.ts'
import { kripkeJson } from './kripke.ts'
import { sectionOf } from './scores-table.ts'
import { variantOf, type MeasuredRow, type Sized, type Variant } from './sized.ts'
import { sizesPage } from './sizes-page.ts'
import { sizesChart } from './sizes-chart.ts'

const { values } = parseArgs({ options: { 'max-seconds': { type: 'string', default: '120' } } })

const draw = await loadDraw()
const measured: Sized[] = []
for (const entry of CATALOGUE.filter(({ spec }) => existsSync(`specs/${spec}.ts`))) {
  measured.push(await sizedAt(entry, 'default', {}))
  if (entry.benchmark !== undefined) measured.push(await sizedAt(entry, 'benchmark', entry.benchmark, entry.only))
}
const scores = sectionOf(readFileSync('docs/sizes.md', 'utf8'))
writeFileSync('docs/sizes.md', sizesPage(measured, scores))
writeFileSync('docs/sizes.svg', await draw(sizesChart(measured)))

async function sizedAt(
  entry: Entry,
  at: Sized['at'],
  constants: Sized['constants'],
  only: Entry['only'] = {},
): Promise<Sized> {
  const { spec, vary, values: listed = {}, moot = () => false } = entry
  const path = `specs/${spec}.ts`
  const sweeps: string[] = []
  for (const name of vary)
    sweeps.push('--sweep', `${name}=${(only[name] ?? listed[name] ?? (await valuesOf(path, name))).join(',')}`)
  const fixed = Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // Properties other than deadlock cost time and do not affect sizes.
  const args = ['bench', path, ...sweeps, ...fixed, '--property', 'deadlock', '--max-seconds', values['max-seconds']]
  const whole = await rowsOf([...args, '--symmetry', 'off'])
  const reduced = await rowsOf(args)
  const variants = whole.flatMap((row, index): Variant[] =>
    row.error !== undefined || moot(row.constants)
      ? []
      : [variantOf(nameOf(entry, row.constants), row, reduced[index]!)],
  )
  console.log(
    `${spec} ${at}: ${variants.map(({ name, distinct }) => `${name} ${distinct.toLocaleString('en')}`).join(', ')}`,
  )
  return { spec, at, constants, vary: vary.length === 1 ? vary[0]! : 'variant', variants }
}

/** The part of a row of `bench --json` that is needed. */
interface Row extends MeasuredRow {
  readonly constants: { readonly [name: string]: unknown }
  readonly error?: unknown
}

async function rowsOf(args: readonly string[]): Promise<readonly Row[]> {
  return (await kripkeJson<{ rows: readonly Row[] }>(args)).rows
}

/** The values of a constant, parsed from `kripke info`. */
async function valuesOf(path: string, constant: string): Promise<string[]> {
  const { constants } = await kripkeJson<{ constants: readonly { name: string; values: string }[] }>(['info', path])
  const text = constants.find(({ name }) => name === constant)?.values
  if (text === undefined) throw new Error(`${path} has no constant "${constant}"`)
  return text.split(' | ')
}
