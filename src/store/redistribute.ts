/** Redistributes the states of a growing seen set. The code is generated for the width of the states. */
import { finishSource, mixSource } from '../semantics/hash.ts'

/**
 * Moves each state of `table[from..to)` to its home under `scale`, or to the first empty place after it. The places
 * below `from` must be empty.
 */
export type Redistribute = (table: Int32Array, from: number, to: number, scale: number) => void

const known = new Map<string, Redistribute>()

/** Indexes from here on do not fit into 32-bit integers. */
const MAX_INTEGER = 2 ** 31 - 2 ** 16

/** The function for states of `width` words in a table of `length` words. */
export function redistributorFor(width: number, length: number): Redistribute {
  const isLarge = length >= MAX_INTEGER
  const key = `${width} ${isLarge}`
  const found = known.get(key)
  if (found !== undefined) return found
  const make = new Function(`return ${redistributeSource(width, isLarge)}`) as () => Redistribute
  const made = make()
  known.set(key, made)
  return made
}

function redistributeSource(width: number, isLarge: boolean): string {
  const place = isLarge ? 'Math.floor((hash >>> 0) * scale)' : '((hash >>> 0) * scale | 0)'
  const last = width - 1
  const words = Array.from({ length: width }, (_, word) => word)
  return `(table, from, to, scale) => {
    'use strict'
    let x = 0, h = 0
    for (let base = from; base < to; base += ${width}) {
      const w${last} = table[base + ${last}]
      if (w${last} === 0) continue
      ${words
        .slice(0, last)
        .map((word) => `const w${word} = table[base + ${word}]`)
        .join('\n')}
      ${words.map((word) => `table[base + ${word}] = 0`).join('\n')}
      const hash = ${finishSource(`${words.map((word) => mixSource(`w${word}`, word, 'x')).join(' + ')} | 0`, 'h')}
      let place = ${place} * ${width}${isLarge ? '' : ' | 0'}
      while (table[place + ${last}] !== 0) place += ${width}
      ${words.map((word) => `table[place + ${word}] = w${word}`).join('\n')}
    }
  }`
}
