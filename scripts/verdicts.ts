/**
 * Renews the verdict matrices of docs/dax.md, and reports how long the whole catalogue takes: every design of every
 * spec, all properties, at the specs' defaults, with two workers.
 *
 *     npm run verdicts               # renews, and checks the catalogue
 *     npm run verdicts -- --check    # only report whether the page is out of date: status 1 if it is
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { table } from '../src/report/text/style.ts'
import { CATALOGUE, type Constants } from './catalogue.ts'
import { kripke, kripkeJson } from './kripke.ts'
import { renewed } from './verdict-blocks.ts'

const PAGE = 'docs/dax.md'
const WORKERS = '2'
const TARGET_SECONDS = 60

/** The part of a document of `check --json` that is needed. */
interface Checked {
  readonly constants: Constants
  readonly verdict: string
  readonly states: { readonly distinct: number }
  readonly error?: { readonly code: string; readonly message: string }
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const page = readFileSync(PAGE, 'utf8')
const { text, stale } = await renewed(page, kripke)
if (values.check) {
  for (const args of stale) console.error(`${PAGE}: stale: kripke compare ${args}`)
  if (stale.length > 0) console.error('renew it with: npm run verdicts')
  process.exitCode = stale.length > 0 ? 1 : 0
} else {
  if (text !== page) writeFileSync(PAGE, text)
  console.log(text === page ? `${PAGE} is as it should be` : `${PAGE}: renewed ${stale.length} of its matrices`)
  await checkCatalogue()
}

async function checkCatalogue(): Promise<void> {
  const specs = readdirSync('specs').filter((name) => name.endsWith('.ts'))
  const rows: string[][] = []
  let total = 0
  for (const name of specs.toSorted()) {
    const started = performance.now()
    const variants = await variantsOf(`specs/${name}`)
    const seconds = (performance.now() - started) / 1000
    total += seconds
    const undecided = variants.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'violated')
    for (const { error, verdict } of undecided) console.error(`${name}: ${error?.message ?? verdict}`)
    if (undecided.length > 0) process.exitCode = 1
    const distinct = variants.reduce((sum, { states }) => sum + (states?.distinct ?? 0), 0)
    rows.push([name, String(variants.length), distinct.toLocaleString('en'), seconds.toFixed(1)])
  }
  console.log(['', ...table([['spec', 'variants', 'distinct', 'seconds'], ...rows]), ''].join('\n'))
  console.log(`the catalogue took ${total.toFixed(1)} s with ${WORKERS} workers (to be under ${TARGET_SECONDS} s)`)
}

/** Checks each variant of a spec, or the spec itself if it has none. */
async function variantsOf(path: string): Promise<readonly Checked[]> {
  const { constants } = await kripkeJson<{ constants: readonly { name: string }[] }>(['info', path])
  const { vary, moot = () => false } = CATALOGUE.find(({ spec }) => path === `specs/${spec}.ts`) ?? { vary: ['design'] }
  if (!vary.every((varied) => constants.some(({ name }) => name === varied))) {
    return [await kripkeJson<Checked>(['check', path, '--continue', '--workers', WORKERS])]
  }
  const args = ['compare', path, ...vary.flatMap((name) => ['--vary', name]), '--workers', WORKERS]
  const { variants } = await kripkeJson<{ variants: readonly Checked[] }>(args)
  return variants.filter((variant) => !moot(variant.constants))
}
