/**
 * The text of a constant on a command line: bare words, `[a,b]` for lists and sets, `{blocks:2,files:1}` for records.
 *
 * A word needs quotes, as in JSON, only if it contains a space or one of `[]{},:"`. In a list, `1..4` stands for the
 * numbers between. If all elements of a list are letters, it may be one word.
 */

/** A part of a text, not interpreted yet. `at` counts characters from 1. */
export type Spelled =
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly Spelled[]; readonly at: number }
  | {
      readonly kind: 'fields'
      readonly fields: readonly (readonly [name: string, value: Spelled])[]
      readonly at: number
    }

/** Thrown with a clause about the text, such as `must have "," or "]" at character 4, but ends`. */
export class Misspelled extends Error {}

const SPECIAL = new Set('[]{},:"')
const OPEN = new Set('[{')
const CLOSE = new Set(']}')

/** The parts of a text. @throws {Misspelled} */
export function spelled(text: string): Spelled {
  const parser = new Parser(text)
  const value = parser.value()
  parser.end()
  return value
}

/** The texts between commas. Commas in brackets and in quotes do not count. */
export function splitAtCommas(text: string): string[] {
  const parts = ['']
  let depth = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index++) {
    const sign = text[index]!
    if (isQuoted) {
      parts[parts.length - 1] += sign
      if (sign === '\\' && index + 1 < text.length) parts[parts.length - 1] += text[++index]!
      else if (sign === '"') isQuoted = false
      continue
    }
    if (sign === ',' && depth === 0) {
      parts.push('')
      continue
    }
    if (OPEN.has(sign)) depth++
    if (CLOSE.has(sign)) depth = Math.max(0, depth - 1)
    // Outside brackets a quote is a character of a plain word.
    if (sign === '"' && depth > 0) isQuoted = true
    parts[parts.length - 1] += sign
  }
  return parts
}

/** The text of a constant's value, as a command line takes it. */
export function spellingOf(value: unknown): string {
  return typeof value === 'string' ? value : inside(value)
}

function inside(value: unknown): string {
  if (typeof value === 'string') {
    const isBare =
      value !== '' && value !== 'null' && !/\s|\.\./.test(value) && ![...value].some((sign) => SPECIAL.has(sign))
    return isBare ? value : JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map(inside).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const fields = Object.entries(value).map(([name, it]) => `${inside(name)}:${inside(it)}`)
  return `{${fields.join(',')}}`
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): Spelled {
    this.#space()
    const at = this.#at + 1
    const sign = this.#text[this.#at]
    if (sign === '[') return { kind: 'list', items: this.#until(']', () => this.value()), at }
    if (sign === '{') return { kind: 'fields', fields: this.#until('}', () => this.#field()), at }
    return this.#word()
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.#unexpected('must end')
  }

  #field(): readonly [string, Spelled] {
    const name = this.#word()
    this.#space()
    if (this.#text[this.#at] !== ':') throw this.#unexpected('must have ":"')
    this.#at++
    return [name.text, this.value()]
  }

  /** The items in brackets, separated by commas. */
  #until<T>(close: string, item: () => T): T[] {
    const items: T[] = []
    this.#at++
    this.#space()
    if (this.#text[this.#at] === close) {
      this.#at++
      return items
    }
    for (;;) {
      items.push(item())
      this.#space()
      const sign = this.#text[this.#at]
      if (sign !== ',' && sign !== close) throw this.#unexpected(`must have "," or "${close}"`)
      this.#at++
      if (sign === close) return items
    }
  }

  #word(): Extract<Spelled, { kind: 'word' }> {
    this.#space()
    const from = this.#at
    if (this.#text[from] === '"') return this.#quoted(from)
    while (this.#at < this.#text.length && !SPECIAL.has(this.#text[this.#at]!)) this.#at++
    const text = this.#text.slice(from, this.#at).trim()
    if (text === '') throw this.#unexpected('must have a value')
    return { kind: 'word', text, isQuoted: false, at: from + 1 }
  }

  #quoted(from: number): Extract<Spelled, { kind: 'word' }> {
    this.#at++
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"')
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    if (this.#at >= this.#text.length)
      throw new Misspelled(`must close the quote at character ${from + 1}, but does not`)
    const literal = this.#text.slice(from, ++this.#at)
    try {
      return { kind: 'word', text: JSON.parse(literal) as string, isQuoted: true, at: from + 1 }
    } catch {
      throw new Misspelled(`must have a JSON string at character ${from + 1}, but has ${literal}`)
    }
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #unexpected(demand: string): Misspelled {
    const sign = this.#text[this.#at]
    const found = sign === undefined ? 'ends' : `has "${sign}"`
    return new Misspelled(`${demand} at character ${this.#at + 1}, but ${found}`)
  }
}
