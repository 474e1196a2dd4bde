/** The outcome of a simulation for people. It never says that something holds. */
import type { SimulationEnding } from '../../api/options.ts'
import type { Simulation } from '../../api/simulation.ts'
import { heading, shownTraces, verdicts, witnessHint, type CheckTextOptions } from './check.ts'
import { count, plural, seconds } from '../show.ts'
import { flow, type Style } from './style.ts'
import { traceText } from './trace.ts'

/** Standard errors to either side that the estimate of distinct states is said to be off by: right nineteen times in twenty. */
const STANDARD_ERRORS = 2

/** What a caller knows that a simulation does not. */
export interface SimulationTextOptions extends Omit<CheckTextOptions, 'again'> {
  /** The command that makes the violating walk again. */
  readonly again?: string | undefined
}

/** The lines of a report: what was found, how that came about, warnings, counts. */
export function simulationText(simulation: Simulation, style: Style, options: SimulationTextOptions = {}): string[] {
  const { warnings, traces } = simulation
  const shown = shownTraces(traces, options)
  return [
    ...heading(simulation, style, options.given),
    '',
    ...verdicts(simulation, style),
    '',
    ...shown.flatMap((trace) => traceText(trace, style, options)),
    ...shortening(simulation, style),
    ...(options.again === undefined ? [] : [style.faint(`again: ${options.again}`), '']),
    ...witnessHint(traces, shown, style),
    ...warnings.map(({ text }) => `${style.doubtful('warning:')} ${text}`),
    ...(warnings.length > 0 ? [''] : []),
    ...flow(counts(simulation), style.width, ' '),
    conclusion(simulation, style),
  ]
}

/** One line: spec, and what fails. */
export function simulationLine({ spec, verdict, properties, seed }: Simulation, style: Style): string {
  const failing = properties.filter(({ result }) => result === 'violated').map(({ name }) => name)
  const found =
    verdict === 'violated'
      ? `${style.bad('is violated')}: ${failing.join(', ')}`
      : style.doubtful('is undecided: no violation was found')
  return `${style.strong(spec)} ${found} (seed ${seed})`
}

function shortening({ violation }: Simulation, style: Style): string[] {
  if (violation === undefined) return []
  const { number, steps, shortened } = violation
  const how =
    shortened < steps ? `shortened from ${plural(steps, 'step')} to ${count(shortened)}` : 'Kripke found no shorter one'
  return [style.faint(`found by walk ${count(number)}; ${how}; for a shortest counterexample run kripke check`), '']
}

const ENDINGS: { readonly [ending in SimulationEnding]: string } = {
  walked: '',
  violated: 'stopped at the first violation',
  failed: 'stopped at the failure of a spec function',
  time: 'stopped by the time limit',
  interrupted: 'interrupted',
}

function counts({ walks, states, seed, seconds: elapsed, specCalls, ending }: Simulation): string[] {
  const { made, cut, steps, longest, depth } = walks
  const error = Math.round(STANDARD_ERRORS * states.error * 1000) / 10
  const distinct =
    states.error === 0
      ? plural(states.distinct, 'distinct state')
      : `about ${count(states.distinct)} distinct states (± ${error} %)`
  return [
    `seed ${seed}, ${plural(made, 'walk')}${cut > 0 ? ` and ${count(cut)} cut short` : ''} of at most ${plural(depth, 'step')},`,
    `${plural(steps, 'step')} in all, ${count(longest)} in the longest,`,
    `${distinct} seen, ${seconds(elapsed)} s, ${plural(specCalls, 'call')} of the spec${ENDINGS[ending] === '' ? '' : ';'}`,
    ...(ENDINGS[ending] === '' ? [] : [ENDINGS[ending]]),
  ]
}

function conclusion({ verdict }: Simulation, style: Style): string {
  if (verdict === 'violated')
    return style.faint('these walks did not violate the unknown properties, but that proves nothing')
  return style.doubtful('these walks found no violation, but that proves nothing: kripke check explores every state')
}
