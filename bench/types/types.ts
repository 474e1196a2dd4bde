/**
 * Measures the cost of the types: the compiler's work for all files and for specs alone, and how long an editor waits
 * for completion.
 *
 *     npm run types:cost
 *
 * Counts are the same on each machine. Seconds depend on other programs. `test/types/cost.test.ts` bounds the count of
 * one spec.
 */
import { median } from '../median.ts'
import { completionTimes } from './completion.ts'
import { costOf, type Cost } from './cost.ts'

const SPECS = ['truncate-dma', 'dax-lease', 'radix-sync', 'unbind', 'seen-set'].map((name) => `specs/${name}.ts`)

const row = (name: string, { instantiations, types, mebibytes, seconds }: Cost): void => {
  const figures = [instantiations, types, Math.round(mebibytes)].map((n) => n.toLocaleString('en').padStart(14))
  console.log(`${name.padEnd(24)}${figures.join('')}${seconds.toFixed(1).padStart(10)}`)
}

console.log(`${' '.repeat(24)}${['instantiations', 'types', 'MiB'].map((n) => n.padStart(14)).join('')}   seconds`)
row('all files', costOf())
for (const spec of SPECS) row(spec, costOf([spec]))

const [first, ...rest] = await completionTimes(
  'specs/truncate-dma.ts',
  "s.setIn(['gup', user], Gup({ file, want: 1 })",
  'radix',
  11,
)
console.log(
  `\ncompletion in specs/truncate-dma.ts: ${first!.toFixed(0)} ms at first, then ${median(rest).toFixed(0)} ms`,
)
