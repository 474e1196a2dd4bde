/** Labels beside the points of curves, where they cover neither points nor lines nor each other. */
import { PAPER, type Layer } from './chart.ts'

/**
 * A text layer with a name that begins so gets Vega's `label` transform, which Vega-Lite does not offer. It moves each label to a free
 * place beside its point, those with the least `rank` first, and hides those without one.
 */
export const PLACED_LABELS = 'placed_labels'

/** A point of a curve, in values of the axes. */
export interface Labeled {
  readonly x: number
  readonly y: number
  readonly label: string
  /** Labels with the least rank are placed first. */
  readonly rank: number
}

/** The fields of x and y in the chart's encoding. The axis of y is logarithmic. */
export interface LabelAxes {
  readonly x: string
  readonly y: string
  readonly isLogX: boolean
}

/** Empty labels along a curve, which keep others from crossing it. */
const OBSTACLES = 100

/** The labels, with a halo so that they can be read in front of a grid. */
export function labelLayers(curves: readonly (readonly Labeled[])[], axes: LabelAxes): Layer[] {
  const labels = curves.flatMap((curve) => [...curve, ...obstaclesOf(curve, axes.isLogX)])
  const data = { values: labels.map(({ x, y, ...others }) => ({ [axes.x]: x, [axes.y]: y, ...others })) }
  const encoding = { text: { field: 'label' } }
  const halo = { aria: false, stroke: PAPER, strokeWidth: 4, strokeJoin: 'round' } as const
  return [
    { name: `${PLACED_LABELS}_halo`, data, mark: { type: 'text', ...halo }, encoding },
    { name: `${PLACED_LABELS}_ink`, data, mark: { type: 'text', aria: false }, encoding },
  ]
}

function obstaclesOf(curve: readonly Labeled[], isLogX: boolean): Labeled[] {
  const steps = Math.ceil(OBSTACLES / curve.length)
  return curve.slice(1).flatMap((to, before) => {
    const from = curve[before]!
    return Array.from({ length: steps - 1 }, (_, step): Labeled => {
      const share = (step + 1) / steps
      const x = isLogX ? from.x * (to.x / from.x) ** share : from.x + (to.x - from.x) * share
      return { x, y: from.y * (to.y / from.y) ** share, label: '', rank: Infinity }
    })
  })
}
