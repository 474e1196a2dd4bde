/** SVG as text. Everything that goes through here is escaped. */

/** An element, already text. */
export type Svg = string

/** An element with attributes and content; numbers are rounded to a tenth of a pixel. */
export function element(
  name: string,
  attributes: { readonly [name: string]: string | number | undefined },
  ...content: readonly Svg[]
): Svg {
  const listed = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escape(typeof value === 'number' ? String(tenths(value)) : value)}"`],
  )
  return content.length === 0
    ? `<${name}${listed.join('')}/>`
    : `<${name}${listed.join('')}>${content.join('')}</${name}>`
}

/** Text as content: what would be markup is escaped, and what XML cannot hold is replaced. */
export function escape(text: string): Svg {
  return text
    .replaceAll(NOT_XML, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

// oxlint-disable-next-line no-control-regex -- control characters are what XML cannot hold
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
