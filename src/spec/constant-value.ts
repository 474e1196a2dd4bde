/**
 * Values of constants: plain, frozen data that follows the domain. A list or set is an array, a record an object.
 *
 * Plain data can be sent to threads and written as JSON, and an author can use it without immutable.js.
 */
import { isKeyed, isRecord, type List, type Set } from 'immutable'
import { Misspelled, spelled, type Spelled } from './constant-text.ts'
import { describe, valuesOf } from './domain-values.ts'
import type { AnyDomain, Domain } from './domain.ts'
import type { INSIDE } from './map-types.ts'
import { inWords, show } from './show.ts'

/**
 * The value of a constant whose domain has the values `T`.
 *
 * A call that returns a function, such as `record(...)`, tells the compiler its type only in a second round. In the
 * first round `T` is `unknown`, so that type must accept every default.
 */
export type Plain<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null
    ? T
    : T extends List<infer E> | Set<infer E>
      ? readonly Plain<E>[]
      : T extends { readonly [INSIDE]: { readonly fields: infer F } }
        ? { readonly [K in keyof F]: Plain<F[K]> }
        : never

/** Thrown with a clause that says where a value does not fit its domain. */
export class Misfit extends Error {}

const SCALARS: readonly AnyDomain['kind'][] = ['bool', 'range', 'oneOf', 'members']

/** Whether a constant may have this domain. */
export function isForConstants(domain: Domain<unknown>): boolean {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'optional':
      return isForConstants(it.inner)
    case 'list':
    case 'set':
      return isForConstants(it.elements)
    case 'record':
      return Object.values(it.fields).every(isForConstants)
    default:
      return SCALARS.includes(it.kind)
  }
}

export function isScalar({ kind }: Domain<unknown>): boolean {
  return (SCALARS as readonly string[]).includes(kind)
}

/**
 * The value that `given` is or spells: plain data, an immutable.js value, or a text as on a command line.
 *
 * @throws {Misfit} if the domain does not have it
 */
export function plainValue(domain: Domain<unknown>, given: unknown): unknown {
  if (isScalar(domain)) {
    const value = scalar(domain as AnyDomain, given)
    if (value === undefined) throw new Misfit('')
    return value
  }
  if (typeof given !== 'string') return fit(domain as AnyDomain, given, '')
  try {
    return fit(domain as AnyDomain, new Text(spelled(given)), '')
  } catch (thrown) {
    if (thrown instanceof Misspelled) throw new Misfit(`the text ${thrown.message}`)
    throw thrown
  }
}

/** A part of a text that stands for a value. */
class Text {
  readonly part: Spelled

  constructor(part: Spelled) {
    this.part = part
  }
}

function fit(domain: AnyDomain, given: unknown, path: string): unknown {
  switch (domain.kind) {
    case 'optional': {
      const isNull = given instanceof Text ? isWord(given.part, 'null') : given === null
      return isNull ? null : fit(domain.inner, given, path)
    }
    case 'list': {
      const items = itemsOf(domain.elements, given)
      if (items === undefined) throw misfit(domain, given, path)
      if (items.length > domain.max) {
        throw new Misfit(`${whereIs(given, path)} has ${items.length} elements, but may have ${domain.max}`)
      }
      return Object.freeze(items.map((item, index) => fit(domain.elements, item, `${path}[${index}]`)))
    }
    case 'set': {
      const items = itemsOf(domain.elements, given)
      if (items === undefined) throw misfit(domain, given, path)
      const texts = items.map((item, index) => JSON.stringify(fit(domain.elements, item, `${path}[${index}]`)))
      // The order of the texts is arbitrary but fixed, so equal sets are equal values.
      return Object.freeze([...new globalThis.Set(texts)].sort().map((text): unknown => freeze(JSON.parse(text))))
    }
    case 'record': {
      const fields = fieldsOf(given)
      if (fields === undefined) throw misfit(domain, given, path)
      const names = Object.keys(domain.fields)
      const stray = fields.find(([name]) => !names.includes(name))?.[0]
      if (stray !== undefined)
        throw new Misfit(`${whereIs(given, path)} has the field "${stray}", but may have ${names.join(', ')}`)
      const twice = fields.find(([name], index) => fields.findIndex(([other]) => other === name) !== index)?.[0]
      if (twice !== undefined) throw new Misfit(`${whereIs(given, path)} has the field "${twice}" twice`)
      const held = new globalThis.Map(fields)
      return Object.freeze(
        Object.fromEntries(
          names.map((name) => {
            if (!held.has(name)) throw new Misfit(`${whereIs(given, path)} does not have the field "${name}"`)
            return [name, fit(domain.fields[name] as AnyDomain, held.get(name), `${path}.${name}`)]
          }),
        ),
      )
    }
    default: {
      const value = given instanceof Text ? spelledScalar(domain, given.part) : scalar(domain, given, false)
      if (value === undefined) throw misfit(domain, given, path)
      return value
    }
  }
}

/** A single value; undefined if the domain does not have it. */
function scalar(domain: AnyDomain, given: unknown, mayBeSpelled: boolean = true): unknown {
  if (contains(domain, given)) return given
  if (typeof given !== 'string' || !mayBeSpelled) return undefined
  if (domain.kind === 'range')
    return /^-?\d+$/.test(given) && contains(domain, Number(given)) ? Number(given) : undefined
  return valuesOf(domain).find((value) => String(value) === given)
}

function spelledScalar(domain: AnyDomain, part: Spelled): unknown {
  if (part.kind !== 'word') return undefined
  // In quotes there is a text, even if it looks like a number.
  if (part.isQuoted) return valuesOf(domain).find((value) => value === part.text)
  return scalar(domain, part.text)
}

function contains(domain: AnyDomain, value: unknown): boolean {
  if (domain.kind !== 'range') return valuesOf(domain).includes(value)
  return Number.isSafeInteger(value) && (value as number) >= domain.low && (value as number) <= domain.high
}

function itemsOf(elements: AnyDomain, given: unknown): readonly unknown[] | undefined {
  if (given instanceof Text) {
    if (given.part.kind !== 'list') return lettersOf(elements, given.part)
    return given.part.items.flatMap((item) => between(elements, item) ?? [new Text(item)])
  }
  const isSeveral =
    typeof given === 'object' && given !== null && Symbol.iterator in given && !isRecord(given) && !isKeyed(given)
  return isSeveral ? [...(given as Iterable<unknown>)] : undefined
}

/** The letters of a word, if all elements are letters: `DMD` stands for `[D,M,D]`. */
function lettersOf(elements: AnyDomain, part: Spelled): Text[] | undefined {
  const areLetters =
    elements.kind === 'oneOf' && elements.literals.every((it) => typeof it === 'string' && it.length === 1)
  if (!areLetters || part.kind !== 'word') return undefined
  return [...part.text].map((text, index) => new Text({ kind: 'word', text, isQuoted: true, at: part.at + index }))
}

/** The numbers that `1..4` stands for in a list of numbers; undefined for another word. */
function between(elements: AnyDomain, part: Spelled): Text[] | undefined {
  const match =
    part.kind === 'word' && !part.isQuoted && elements.kind === 'range' && /^(-?\d+)\.\.(-?\d+)$/.exec(part.text)
  if (!match) return undefined
  const [low, high] = [Number(match[1]), Number(match[2])]
  if (high < low || !contains(elements, low) || !contains(elements, high)) return undefined
  return Array.from(
    { length: high - low + 1 },
    (_, index) => new Text({ ...part, text: String(low + index) } as Spelled),
  )
}

function fieldsOf(given: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (given instanceof Text) {
    return given.part.kind === 'fields' ? given.part.fields.map(([name, part]) => [name, new Text(part)]) : undefined
  }
  if (isRecord(given) || isKeyed(given)) return [...(given as Iterable<[string, unknown]>)]
  const isPlain = typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype
  return isPlain ? Object.entries(given) : undefined
}

function isWord(part: Spelled, text: string): boolean {
  return part.kind === 'word' && !part.isQuoted && part.text === text
}

function misfit(domain: AnyDomain, given: unknown, path: string): Misfit {
  if (given instanceof Text) {
    const { part } = given
    const shown = part.kind === 'word' ? JSON.stringify(part.text) : part.kind === 'list' ? 'the list' : 'the record'
    return new Misfit(`${shown} at character ${part.at} is not ${wanted(domain)}`)
  }
  return new Misfit(
    `${path === '' ? 'it' : show(path.replace(/^\./, ''))} is ${inWords(given)}, which is not ${wanted(domain)}`,
  )
}

function wanted(domain: AnyDomain): string {
  return isScalar(domain) ? `one of ${describe(domain)}` : domain.kind === 'record' ? 'a record' : `a ${domain.kind}`
}

function whereIs(given: unknown, path: string): string {
  if (given instanceof Text)
    return `the ${given.part.kind === 'list' ? 'list' : 'record'} at character ${given.part.at}`
  return path === '' ? 'it' : path.replace(/^\./, '')
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  Object.values(value).forEach(freeze)
  return Object.freeze(value)
}
