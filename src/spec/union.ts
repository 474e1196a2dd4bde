/**
 * Unions of records. One field, the tag, distinguishes them. Examples are the messages of a protocol, or the kinds of a
 * request.
 *
 *     const Prepare = record({ type: oneOf('prepare'), ballot: range(1, 3) })
 *     const Accept = record({ type: oneOf('accept'), ballot: range(1, 3), value: Value })
 *     const Message = union(Prepare, Accept)
 *
 * A union has no constructor: its values are the records that `Prepare` and `Accept` build.
 */
import { badDomain } from '../errors.ts'
import type { LiteralDomain, RecordDomain, UnionDomain, ValueOf } from './domain.ts'
import { inFewWords, isDomain } from './domain-values.ts'
import { here, place } from './origin.ts'

/** Arguments of `union`: records and unions. Each variant of such a union becomes a variant of the new one. */
export type Variant = RecordDomain<any> | UnionDomain<any>

/**
 * A value of one of the given records. They must share a field with a `oneOf` domain whose literals differ from record
 * to record. If several fields do, the first of them in the order of the first record is the tag.
 *
 * @throws {CheckerError} KR204 for fewer than two records, for an argument that is not a record or union, and for
 *   records that no field distinguishes
 */
export function union<const V extends readonly [Variant, Variant, ...Variant[]]>(
  ...variants: V
): UnionDomain<ValueOf<V[number]>> {
  const all = variants.flatMap((variant, index) => recordsOf(variant, index))
  if (all.length < 2) {
    const count = all.length === 0 ? 'no record' : 'only one'
    const hint = 'add a record, or use the record without union'
    throw badDomain('union(...)', `must have two or more records, but it has ${count}`, hint, place(here()))
  }
  const tag = tagOf(all)
  if (tag === undefined) throw withoutTag(all)
  return { kind: 'union', tag, variants: Object.freeze(all) }
}

/** The literals of a variant's tag. */
export function tagLiterals(variant: RecordDomain, tag: string): LiteralDomain['literals'] {
  return (variant.fields[tag] as LiteralDomain).literals
}

/** The field that distinguishes records; undefined if none does. */
export function tagOf(records: readonly RecordDomain[]): string | undefined {
  return literalFields(records).find((name) => firstOverlap(records, name) === undefined)
}

/** The fields that have a `oneOf` domain in each record. */
function literalFields(records: readonly RecordDomain[]): string[] {
  return Object.keys(records[0]!.fields).filter((name) =>
    records.every(({ fields }) => Object.hasOwn(fields, name) && fields[name]!.kind === 'oneOf'),
  )
}

/** A literal that two records have in the field; 1 and '1' count as the same, as in `oneOf`. */
function firstOverlap(records: readonly RecordDomain[], name: string): Overlap | undefined {
  const owners = new Map<string, number>()
  for (const [index, record] of records.entries()) {
    for (const literal of tagLiterals(record, name)) {
      const owner = owners.get(String(literal))
      if (owner !== undefined) return { literal, owner, other: index }
      owners.set(String(literal), index)
    }
  }
  return undefined
}

interface Overlap {
  readonly literal: unknown
  readonly owner: number
  readonly other: number
}

function withoutTag(records: readonly RecordDomain[]): Error {
  const [name] = literalFields(records)
  if (name === undefined) {
    return badDomain(
      'union(...)',
      'must have records that share a field with a oneOf domain, but its records share none',
      "give each record a literal field with its own value, such as type: oneOf('request')",
      place(here()),
    )
  }
  const { literal, owner, other } = firstOverlap(records, name)!
  return badDomain(
    'union(...)',
    `must have records with different values of "${name}", but records ${owner + 1} and ${other + 1} both have ${JSON.stringify(literal)}`,
    `give each record its own literals in "${name}"`,
    place(here()),
  )
}

/** The records that an argument of `union` contributes. */
function recordsOf(part: unknown, index: number): readonly RecordDomain[] {
  if (isDomain(part)) {
    if (part.kind === 'record') return [part]
    if (part.kind === 'union') return part.variants
  }
  throw badDomain(
    'union(...)',
    `must be made of records, but argument ${index + 1} is ${inFewWords(part)}`,
    hintFor(part),
    place(here()),
  )
}

function hintFor(part: unknown): string {
  if (part === null || (isDomain(part) && part.kind === 'optional')) return 'write optional(union(...)) to allow null'
  if (isDomain(part)) return "put it into a record, such as record({ type: oneOf('other'), value: ... })"
  return 'make each record with record({ ... })'
}
