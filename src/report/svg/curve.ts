/** The curves of a benchmark: what is drawn for each series. */
import type { Bench, Series } from '../../api/bench/bench.ts'
import { isWithheld } from '../../api/bench/growth.ts'
import { figuresOf } from '../bench-row.ts'
import { describe } from '../text/compare.ts'

/** A point of a curve. */
export interface CurvePoint {
  readonly size: number
  readonly distinct: number
  readonly isPredicted: boolean
}

/** A series to draw. */
export interface Curve {
  /** `design=none`; empty if there is one series. */
  readonly name: string
  /** Ascending; may have gaps where nothing is known. */
  readonly points: readonly CurvePoint[]
}

/** The curves, with what is predicted for the size after the last. */
export function curvesOf({ axis, series }: Bench): Curve[] {
  if (axis === undefined) return []
  return series.map((it) => ({ name: describe(it.of), points: [...pointsOf(axis, it), ...nextOf(it)] }))
}

function pointsOf(axis: string, { rows }: Series): CurvePoint[] {
  return rows.flatMap((row) => {
    const { distinct, isPredicted } = figuresOf(row)
    return distinct === null || distinct < 1 ? [] : [{ size: row.varied[axis] as number, distinct, isPredicted }]
  })
}

function nextOf({ next }: Series): CurvePoint[] {
  if (next === undefined || isWithheld(next.forecast)) return []
  return [{ size: next.size, distinct: next.forecast.distinct, isPredicted: true }]
}
