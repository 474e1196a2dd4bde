/**
 * How a state space grows with one constant: a law fitted to the sizes that were measured, or why none is trusted.
 *
 * Two laws are tried, each a straight line through the logarithms: exponential, distinct = a · factorˢⁱᶻᵉ, and polynomial,
 * distinct = a · sizeᵉˣᵖᵒⁿᵉⁿᵗ. Small sizes are seldom typical, so a line goes through the last four points alone. A law is trusted
 * only if, fitted without the largest size, it would have predicted that size. That is a test of one step ahead and of nothing more, so
 * no law is asked for sizes far beyond what was measured. Pure arithmetic, independent of specs.
 */

/** The distinct states of one size. */
export interface Point {
  readonly size: number
  readonly distinct: number
}

/** A law that may be trusted a little beyond the points it was fitted to. */
export interface Law {
  readonly kind: 'exponential' | 'polynomial'
  /** Exponential: by what one more of the size multiplies the distinct states. Polynomial: the exponent of the size. */
  readonly rate: number
  /** The largest size explored, on which the law was checked. */
  readonly checkedOn: number
  /** How far off the law, fitted without that size, was about it: 0.1 is a tenth too many or too few. */
  readonly error: number
  /** The distinct states of another size, not rounded; or why nothing is said about it. */
  readonly at: (size: number) => number | Withheld
}

/** Why there is no law, or no prediction: a clause such as `it takes four sizes to judge, and there are 2`. */
export interface Withheld {
  readonly withheld: string
}

/** The least number of points: three to fit a line that could be wrong, and one to test it. */
const MIN_POINTS = 4

/** Points a line goes through: the last ones. */
const WINDOW = 4

/** The largest error of a law that is trusted, about the largest size or any other that it was fitted to. */
const TOLERANCE = 0.25

/** How far beyond the largest size a law may be asked, as a share of the range that was measured. */
const REACH = 0.5

/** Fits both laws and gives the one that predicts the largest size better, or says why neither is trusted. */
export function fitGrowth(points: readonly Point[]): Law | Withheld {
  const known = points.filter(({ distinct }) => distinct > 0).toSorted((a, b) => a.size - b.size)
  if (known.length < MIN_POINTS) {
    return { withheld: `a fit needs four fully explored sizes, but there are ${known.length}` }
  }
  const before = known.slice(0, -1)
  const last = known.at(-1)!
  const candidates = KINDS.filter((kind) => kind === 'exponential' || known[0]!.size > 0).map((kind) => ({
    kind,
    error: offBy(last, lineThrough(kind, before)),
  }))
  const { kind, error } = candidates.reduce((best, other) => (other.error < best.error ? other : best))
  if (!(error <= TOLERANCE)) {
    return { withheld: `a fit to the smaller sizes misses size ${last.size} by ${percent(error)}` }
  }
  const line = lineThrough(kind, known)
  const worst = known.slice(-WINDOW).reduce((a, b) => (offBy(b, line) > offBy(a, line) ? b : a))
  if (offBy(worst, line) > TOLERANCE) {
    return { withheld: `the fit misses size ${worst.size} by ${percent(offBy(worst, line))}` }
  }
  const farthest = last.size + REACH * (last.size - known[0]!.size)
  return {
    kind,
    rate: kind === 'exponential' ? Math.exp(line.slope) : line.slope,
    checkedOn: last.size,
    error,
    at: (size) =>
      size <= farthest
        ? line.at(size)
        : { withheld: `${size} is too far beyond ${last.size}, the largest size explored` },
  }
}

/** Whether a law or prediction was withheld. */
export function isWithheld<T>(it: T | Withheld): it is Withheld {
  return typeof it === 'object' && it !== null && 'withheld' in it
}

const KINDS = ['exponential', 'polynomial'] as const

interface Line {
  readonly slope: number
  readonly at: (size: number) => number
}

/** The line of least squares through the last points. */
function lineThrough(kind: Law['kind'], points: readonly Point[]): Line {
  const x = (size: number): number => (kind === 'exponential' ? size : Math.log(size))
  const window = points.slice(-WINDOW).map(({ size, distinct }) => ({ x: x(size), y: Math.log(distinct) }))
  const meanX = mean(window.map((it) => it.x))
  const meanY = mean(window.map((it) => it.y))
  const spread = mean(window.map((it) => (it.x - meanX) ** 2))
  const slope = mean(window.map((it) => (it.x - meanX) * (it.y - meanY))) / spread
  return { slope, at: (size) => Math.exp(meanY + slope * (x(size) - meanX)) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How far off a line is, as a share of what is so. */
function offBy({ size, distinct }: Point, line: Line): number {
  return Math.abs(line.at(size) / distinct - 1)
}

function percent(share: number): string {
  return share < 10 ? `${Math.round(share * 100)} %` : `a factor of ${Math.round(share + 1).toLocaleString('en')}`
}
