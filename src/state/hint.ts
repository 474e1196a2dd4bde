/** Hints that say what to write instead of a value of the wrong kind. */
import { isCollection, isRecord } from 'immutable'
import { valuesOf } from '../spec/domain-values.ts'
import type { AnyDomain, Literal, UnionDomain } from '../spec/domain.ts'
import { inWords } from '../spec/show.ts'
import { tagLiterals } from '../spec/union.ts'

/** Maximal number of fields in a hint. */
const MAX_FIELDS = 6

/**
 * How to write the intended value if `domain` is expected but `value` was given, as an imperative. Undefined if the
 * value has the right kind but is not in the domain.
 */
export function hintFor(domain: AnyDomain, value: unknown): string | undefined {
  if (value === undefined)
    return 'write a value of the domain; for a value that may be missing, declare optional(...) and write null'
  switch (domain.kind) {
    case 'thread':
      return hintFor(domain.counter, value)
    case 'optional':
      return hintFor(domain.inner, value)
    case 'record':
      return value === null ? OPTIONAL : recordHint(Object.keys(domain.fields), value)
    case 'union':
      return value === null ? OPTIONAL : recordHint(fieldsOfVariant(domain, value), value)
    case 'list':
      return value === null ? OPTIONAL : collectionHint('List', value)
    case 'set':
      return value === null ? OPTIONAL : collectionHint('Set', value)
    case 'bag':
      return value === null ? OPTIONAL : bagHint(value)
    case 'map':
      return value === null ? OPTIONAL : collectionHint('Map', value)
    case 'value':
      return undefined
    default:
      return value === null ? OPTIONAL : scalarHint(domain, value)
  }
}

const OPTIONAL = 'write a value of the domain, or declare optional(...) to allow null'

/** How to write the intended value if `value()` does not accept the given one. */
export function hintForOpen(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const name = kindOf(value)
  if (name === 'array') return collectionHint('List', value)
  if (name === 'map' || name === 'set') return collectionHint(name === 'map' ? 'Map' : 'Set', value)
  if (name === 'other') return undefined
  return `write Map({ ... }), with Map from immutable, or a record: ${entry(Object.keys(value))}`
}

/** The fields of the variant that the tag of a value names; of the first variant if it names none. */
function fieldsOfVariant({ tag, variants }: UnionDomain, value: unknown): readonly string[] {
  const literal = isRecord(value) ? value.get(tag) : (value as { readonly [name: string]: unknown })[tag]
  const variant = variants.find((it) => tagLiterals(it, tag).includes(literal as Literal)) ?? variants[0]!
  return Object.keys(variant.fields)
}

function recordHint(fields: readonly string[], value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (isRecord(value)) return `make it with the same record(...) that the schema uses: ${entry(fields)}`
  // The names of the fields in which an immutable.js record keeps its values.
  if (kindOf(value) === 'plain' && '_values' in value) {
    return `change the record with set or merge, because spreading does not make a record; or ${entry(fields)}`
  }
  return entry(fields)
}

/** `write Entry({ at: ..., v: ... }), with const Entry = record({ at, v }) in the schema`. */
function entry(fields: readonly string[]): string {
  const named = fields.map((name) => (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)))
  const listed = (parts: readonly string[]): string =>
    `{ ${[...parts.slice(0, MAX_FIELDS), ...(parts.length > MAX_FIELDS ? ['...'] : [])].join(', ')} }`
  if (fields.length === 0) return 'write Entry({ ... }), with const Entry = record({ ... }) in the schema'
  const values = named.map((name) => `${name}: ...`)
  return `write Entry(${listed(values)}), with const Entry = record(${listed(named)}) in the schema`
}

function collectionHint(wanted: 'List' | 'Set' | 'Map', value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (isCollection(value)) return `call .to${wanted}() on it`
  const name = kindOf(value)
  const argument = name === 'array' ? '[...]' : name === 'plain' ? '{ ... }' : '...'
  if (wanted === 'Map' || name !== 'plain') {
    const change = { List: 'push', Set: 'add', Map: 'set' }[wanted]
    return `write ${wanted}(${argument}), with ${wanted} from immutable, or change the existing ${wanted} with ${change}`
  }
  return `write ${wanted}([...]), with ${wanted} from immutable`
}

function bagHint(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return 'write Bag([...]), with Bag from kripke, or change the existing bag with add and remove'
}

function scalarHint(domain: AnyDomain, value: unknown): string | undefined {
  if (typeof value === 'object' || typeof value === 'function') return undefined
  const other = withSameText(domain, value)
  return other === undefined
    ? undefined
    : `write ${inWords(other)}: the domain contains the ${typeof other}, not the ${typeof value}`
}

/** The value of the domain that has the same text but another type. */
function withSameText(domain: AnyDomain, value: unknown): unknown {
  if (domain.kind !== 'range')
    return valuesOf(domain).find((other) => other !== value && String(other) === String(value))
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : NaN
  return number >= domain.low && number <= domain.high ? number : undefined
}

function kindOf(value: object): 'array' | 'map' | 'set' | 'plain' | 'other' {
  if (Array.isArray(value)) return 'array'
  if (value instanceof Map) return 'map'
  if (value instanceof Set) return 'set'
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? 'plain' : 'other'
}
