/** The sizes of the specs as a page. */
import { count, plural } from '../src/report/show.ts'
import { extremes, type Sized, type Variant } from './sized.ts'

/** The page, in Markdown as prettier would have it. @param scores - the section that `npm run scores` writes */
export function sizesPage(measured: readonly Sized[], scores: string): string {
  return [
    '# How large the specs are',
    '',
    'This page lists the distinct states of the specs in `specs/`, with symmetry off. Each spec has its',
    'defaults, and most have parameters that make a benchmark. The column "up to symmetry" counts the',
    'states with symmetry on. Depth counts levels, as TLC does. Seconds are of one machine with two',
    'cores.',
    '',
    '`npm run sizes` writes this page; `scripts/catalogue.ts` lists what it measures.',
    '',
    '![A line for each spec, with a dot for the distinct states of each variant, on a logarithmic scale](sizes.svg)',
    '',
    ...table([
      ['spec', 'parameters', 'variants', 'distinct states', 'the largest'],
      ...measured.map((sized) => [
        sized.spec,
        parameters(sized.constants),
        String(sized.variants.length),
        ...between(sized),
      ]),
    ]),
    '',
    scores,
    ...measured.flatMap((sized) => [
      '',
      `## ${sized.spec}, ${parameters(sized.constants)}`,
      '',
      ...table(variantRows(sized)),
    ]),
    '',
  ].join('\n')
}

/** Constants with other values than their defaults, as text. */
export function parameters(constants: Sized['constants']): string {
  const given = Object.entries(constants).map(([name, value]) => `${name}=${value}`)
  return given.length === 0 ? 'defaults' : given.join(' ')
}

function between(sized: Sized): string[] {
  const found = extremes(sized)
  if (found === undefined) return ['–', '–']
  const { least, most } = found
  return [least === most ? states(most) : `${states(least)} to ${states(most)}`, most.name]
}

function states({ distinct, isComplete }: Variant): string {
  return isComplete ? count(distinct) : `more than ${count(distinct)}`
}

function variantRows({ vary, variants }: Sized): string[][] {
  return [
    [vary, 'distinct states', 'up to symmetry', 'generated', 'depth', 'seconds'],
    ...variants.map((variant) => [
      variant.name,
      states(variant),
      variant.reduced === null ? '–' : count(variant.reduced),
      variant.isComplete ? count(variant.generated) : '–',
      variant.isComplete ? String(variant.depth) : '–',
      variant.seconds === null ? '–' : variant.seconds.toFixed(2),
    ]),
  ]
}

/** A Markdown table with aligned columns. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  return [line(rows[0]!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.slice(1).map(line)]
}

/** What the picture shows, in words. */
export function inWords(measured: readonly Sized[]): string {
  return measured
    .flatMap((sized) => {
      const found = extremes(sized)
      if (found === undefined) return []
      const variants = plural(sized.variants.length, 'variant')
      return [
        `${sized.spec} at ${parameters(sized.constants)}: ${variants}, ${states(found.least)} to ${states(found.most)} states`,
      ]
    })
    .join('; ')
}
