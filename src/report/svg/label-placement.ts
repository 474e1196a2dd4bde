/** Placing labels: what they cover, and whether that is free. Widths are estimates, since nothing here can measure a font. */

/** A rectangle in pixels. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** A point in pixels. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** Width of a character, as a share of the font's size: a little more than sans-serif fonts take on average. */
const CHARACTER = 0.58

/** How wide text will be, about. */
export function textWidth(text: string, size: number): number {
  return text.length * size * CHARACTER
}

/** What text covers whose baseline begins, is centered or ends at `x`. */
export function textBox(text: string, size: number, { x, y }: Spot, anchor: 'start' | 'middle' | 'end'): Box {
  const width = textWidth(text, size)
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2
  return { left, top: y - size * 0.8, right: left + width, bottom: y + size * 0.25 }
}

/** The box around a spot. */
export function boxAround({ x, y }: Spot, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
}

/** Small boxes along a line, close enough that no label slips through. */
export function boxesAlong(from: Spot, to: Spot): Box[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4))
  return Array.from({ length: steps + 1 }, (_, step) => {
    const share = step / steps
    return boxAround({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }, 1.5)
  })
}

/** Whether a box lies within another and meets none of those taken. */
export function isFree(box: Box, taken: readonly Box[], within: Box): boolean {
  const isInside =
    box.left >= within.left && box.right <= within.right && box.top >= within.top && box.bottom <= within.bottom
  const meets = (other: Box): boolean =>
    box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom
  return isInside && !taken.some(meets)
}

/**
 * Heights for labels side by side with what they label: as close to it as possible, at least `gap` apart, in the same order, and
 * between `top` and `bottom` if there is room.
 */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, index) => index).toSorted((a, b) => wanted[a]! - wanted[b]!)
  const heights = [...wanted]
  let lowest = top
  for (const index of order) {
    heights[index] = Math.max(wanted[index]!, lowest)
    lowest = heights[index] + gap
  }
  let highest = Math.max(bottom, top + gap * (wanted.length - 1))
  for (const index of order.toReversed()) {
    heights[index] = Math.min(heights[index]!, highest)
    highest = heights[index] - gap
  }
  return heights
}
