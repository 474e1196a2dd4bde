/**
 * Draws docs/symbolic.svg from the newest results of `npm run symbolic -- --save` and of `npm run race -- --save`.
 *
 *     npm run symbolic:plot
 *     npm run symbolic:plot -- --results bench/results/symbolic-….json --race bench/results/race-….json
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Results } from '../bench/symbolic/results.ts'
import { loadDraw } from '../src/report/chart/draw.ts'
import { enginesOf, type Race } from './engines.ts'
import { enginesChart } from './engines-chart.ts'

const RESULTS = 'bench/results'

const { values } = parseArgs({ options: { results: { type: 'string' }, race: { type: 'string' } } })

/** The newest saved results by date, under a name with this prefix. */
function newest(prefix: string): string {
  const paths = readdirSync(RESULTS)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .map((name) => `${RESULTS}/${name}`)
    .toSorted()
  if (paths.length > 0) return paths.at(-1)!
  console.error(`there is no ${RESULTS}/${prefix}*.json`)
  process.exit(153)
}

const read = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

const results = read<Results>(values.results ?? newest('symbolic-'))
const race = read<Race>(values.race ?? newest('race-'))
const draw = await loadDraw()
writeFileSync('docs/symbolic.svg', await draw(enginesChart(enginesOf(results, race))))
