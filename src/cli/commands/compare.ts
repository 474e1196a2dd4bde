/** `kripke compare`. */
import type { Command } from 'commander'
import { badOption } from '../../errors.ts'
import { compareText, describe } from '../../report/text/compare.ts'
import { checkDocument, errorDocument } from '../../report/json/documents.ts'
import { plainJson } from '../../report/json/plain.ts'
import { VERSION } from '../../report/version.ts'
import { compare, type Comparison, type Variant, type Variation } from '../../api/compare.ts'
import type { Progress } from '../../api/options.ts'
import { againCommand } from './again.ts'
import { BAD_SPEC, HOLDS, INCOMPLETE, statusOf, statusOfError } from '../exit-status.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { locate } from '../spec-loader/locate.ts'
import { defaultMemory, peakMemoryBytes } from '../memory.ts'
import { styleOf } from '../output.ts'
import {
  checkOptions,
  variation,
  withAnother,
  withConstrainedLiveness,
  withExploreOptions,
  withPartialOrder,
  withPrintOptions,
  type ExploreOptions,
  type PrintOptions,
} from './options.ts'
import { stdout } from '../streams.ts'
import { announceLimit, stopWhereInterrupted } from '../supervisor/supervision.ts'
import { print, printJson, ProgressLine } from '../terminal.ts'

interface CompareCommandOptions extends ExploreOptions, PrintOptions {
  readonly vary: readonly Variation[]
  readonly traces?: boolean
}

/** Adds the command to the program; `exit` gets its status. */
export function addCompareCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('compare')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('check one variant for each value of a constant; print a matrix of variants and properties')
  withPrintOptions(withConstrainedLiveness(withPartialOrder(withExploreOptions(command))))
    .option(
      '--vary <name[=a,b]>',
      'vary a constant over all its values, these or a range 1..4 (repeatable: all combinations)',
      withAnother<Variation>('--vary', variation),
    )
    .setOptionValue('vary', [])
    .option('--traces', 'print every counterexample below the matrix')
    .action(async (path: string, options: CompareCommandOptions) => exit(await run(path, options)))
}

async function run(path: string, options: CompareCommandOptions): Promise<number> {
  if (options.vary.length === 0)
    throw badOption('compare must be given --vary, but is not', 'name a constant, for example --vary design')
  announceLimit(options.timeout, { isPart: true })
  const { spec, module } = await loadSpec(path)
  const interrupt = listenForInterrupt()
  stopWhereInterrupted((signal) => interrupt.stop(signal))
  let progress = new ProgressLine(spec.name)
  let shown: unknown
  const showProgress = (it: Progress, varied: Variant['varied']): void => {
    if (varied !== shown) progress = new ProgressLine(`${spec.name} ${describe(varied)}`)
    shown = varied
    progress.show(it)
  }
  const comparison = await compare(spec, {
    ...checkOptions(options, module, defaultMemory()),
    vary: options.vary,
    signal: interrupt.signal,
    onVariant: () => announceLimit(options.timeout, { isPart: true }),
    onProgress: options.quiet ? undefined : showProgress,
  }).finally(() => progress.clear())
  for (const { error } of comparison.variants) if (error !== undefined) locate(error)
  show(comparison, path, options)
  const isCut = comparison.variants.some(({ outcome }) => outcome?.ending === 'interrupted')
  if (interrupt.status !== undefined && (isCut || !comparison.complete)) return interrupt.status
  const status = statusOfComparison(comparison)
  const warned = comparison.warnings.length > 0 || comparison.variants.some(({ outcome }) => outcome?.warnings.length)
  return status === HOLDS && options.strict === true && warned ? BAD_SPEC : status
}

function show(
  comparison: Comparison,
  path: string,
  { json, quiet = false, constant, traces = false, full = false }: CompareCommandOptions,
): void {
  if (json) {
    const [only] = comparison.vary
    return printJson({
      kripke: VERSION,
      vary: comparison.vary.length === 1 ? only : comparison.vary,
      variants: comparison.variants.map(({ varied, outcome, error }) =>
        outcome === undefined
          ? { ...errorDocument(error!), constants: plainJson(varied) }
          : checkDocument(outcome, { peakMemoryBytes: peakMemoryBytes() }),
      ),
      warnings: comparison.warnings.map((warning) => ({ ...warning })),
    })
  }
  print(
    compareText(comparison, styleOf(stdout), {
      traces,
      full,
      quiet,
      fit: stdout.isTTY,
      again: ({ varied, outcome }, property) =>
        againCommand(path, { ...constant, ...varied }, property, outcome?.unreduced !== undefined),
    }),
  )
}

/** The highest status of the variants that failed, or else the lowest status of the violations. */
function statusOfComparison({ variants }: Comparison): number {
  const violations = variants.flatMap(({ outcome }) => (outcome?.verdict === 'violated' ? [statusOf(outcome)] : []))
  const errors = variants.flatMap(({ error }) => (error === undefined ? [] : [statusOfError(error)]))
  if (errors.length > 0) return Math.max(...errors)
  if (violations.length > 0) return Math.min(...violations)
  return variants.some(({ outcome }) => outcome?.verdict === 'incomplete') ? INCOMPLETE : HOLDS
}
