/** Scales: from values to pixels, and where to put ticks. */

/** From values to pixels. */
export type Scale = (value: number) => number

/** A linear scale; `map` bends the values first, `Math.log10` for a logarithmic one. */
export function scale(
  [low, high]: readonly [number, number],
  [start, end]: readonly [number, number],
  map: (value: number) => number = (value) => value,
): Scale {
  const span = map(high) - map(low) || 1
  return (value) => start + ((map(value) - map(low)) / span) * (end - start)
}

/** Ticks of a logarithmic axis around the values: decades, thinned to at most eight; with 2 and 5 between them if they are few. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9)
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9))
  if (last - first <= 2) {
    const fine = Array.from({ length: last - first }, (_, decade) =>
      [1, 2, 5].map((digit) => digit * 10 ** (first + decade)),
    )
    return within([...fine.flat(), 10 ** last], low, high)
  }
  const step = Math.ceil((last - first) / 8)
  const decades = Math.ceil((last - first) / step)
  return Array.from({ length: decades + 1 }, (_, decade) => 10 ** (first + decade * step))
}

/** The ticks from the last that is not above `low` to the first that is not below `high`. */
function within(ticks: readonly number[], low: number, high: number): number[] {
  const start = Math.max(
    0,
    ticks.findLastIndex((tick) => tick <= low * (1 + 1e-9)),
  )
  const end = ticks.findIndex((tick) => tick >= high * (1 - 1e-9))
  return ticks.slice(Math.min(start, ticks.length - 2), Math.max(end + 1, start + 2))
}

/** At most `most` of the values, evenly thinned, the first among them. */
export function thinned(values: readonly number[], most: number): number[] {
  const step = Math.ceil(values.length / most)
  return values.filter((_, index) => index % step === 0)
}

const SUFFIXES = ['', ' k', ' M', ' G', ' T', ' P', ' E']

/** A count to three digits: `288`, `50.8 k`, `1.75 M`. */
export function shortCount(value: number): string {
  const three = Number(value.toPrecision(3))
  const power = Math.max(0, Math.floor(Math.log10(Math.max(1, three)) / 3))
  const suffix = SUFFIXES[power]
  return suffix === undefined ? three.toExponential() : `${Number((three / 1000 ** power).toPrecision(3))}${suffix}`
}
