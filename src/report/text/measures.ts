/** Measures for people. */
import type { MeasureOutcome, Outcome } from '../../api/outcome.ts'
import { count } from '../show.ts'
import { table, type Style } from './style.ts'

/** A line for each measure below a heading; none if there are none. */
export function measureLines(outcome: Outcome, style: Style): string[] {
  const { measures } = outcome
  if (measures.length === 0) return []
  const rows = measures.map((measure) => [measure.name, style.faint(`over ${measure.over}`), range(measure)])
  return [`measures${isCut(outcome) ? ', so far' : ''}`, ...table(rows).map((line) => `  ${line}`)]
}

/** Whether there may be states that were not measured. */
export function isCut({ complete, ending }: Pick<Outcome, 'complete' | 'ending'>): boolean {
  return !complete && ending !== 'exhausted'
}

/** `0..2`, or `2` if it is always that; `–` if nothing was measured. */
export function range({ minimum, maximum }: Pick<MeasureOutcome, 'minimum' | 'maximum'>): string {
  if (minimum === undefined || maximum === undefined) return '–'
  return minimum === maximum ? count(minimum) : `${count(minimum)}..${count(maximum)}`
}
