/**
 * Sends values between threads that have the same model.
 *
 * Messages between threads lose the classes of objects. So collections are replaced by tagged objects. A record has a class for
 * each thread, so it is sent with the number of its domain, in the order in which the model mentions domains.
 */
import { isList, isMap, isOrderedMap, isRecord, isSet, List, Map, OrderedMap, Set, type Record } from 'immutable'
import { bagOf, isBag } from '../../spec/bag.ts'
import type { Model } from '../../spec/model.ts'
import { Unshareable } from '../../state/unshareable.ts'

/** The property that marks a replaced collection. It holds its kind, or the number of a record's domain. */
const TAG = '$kripke'

type Tagged = {
  readonly [TAG]: 'list' | 'set' | 'map' | 'ordered' | 'bag' | number
  readonly items: readonly unknown[]
}

/** The factories of a model's records, in the order in which the model mentions them. */
export type RecordFactories = readonly Record.Factory<object>[]

export function recordFactories(model: Pick<Model, 'schema'>): RecordFactories {
  const factories: Record.Factory<object>[] = [model.schema.factory.record as unknown as Record.Factory<object>]
  const seen = new globalThis.Set<unknown>()
  const visit = (part: unknown): void => {
    if (part === null || (typeof part !== 'object' && typeof part !== 'function') || seen.has(part)) return
    seen.add(part)
    const { kind, factory } = part as { kind?: unknown; factory?: { record?: Record.Factory<object> } }
    if (kind === 'record' && factory?.record !== undefined) factories.push(factory.record)
    for (const inner of Object.values(part)) visit(inner)
  }
  visit(model.schema.variables)
  return factories
}

/** A value in a form that can be sent. @throws {Unshareable} for other objects than plain ones, and for functions */
export function toMessage(value: unknown, factories: RecordFactories): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new Unshareable()
  if (typeof value !== 'object' || value === null) return value
  const all = (items: Iterable<unknown>): unknown[] => Array.from(items, (item) => toMessage(item, factories))
  const tagged = (tag: Tagged[typeof TAG], items: Iterable<unknown>): Tagged => ({ [TAG]: tag, items: all(items) })
  if (isRecord(value)) {
    const number = factories.findIndex((factory) => value instanceof factory)
    if (number < 0) throw new Unshareable()
    return tagged(number, value.toSeq().toArray())
  }
  if (isList(value)) return tagged('list', value)
  if (isOrderedMap(value)) return tagged('ordered', value.toArray())
  if (isMap(value)) return tagged('map', value.toArray())
  if (isSet(value)) return tagged('set', value.toArray())
  if (isBag(value)) return tagged('bag', value.toMap().toArray())
  if (Array.isArray(value)) return all(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if ((prototype !== Object.prototype && prototype !== null) || TAG in value) throw new Unshareable()
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toMessage(part, factories)]))
}

/** The value that another thread sent. */
export function fromMessage(message: unknown, factories: RecordFactories): unknown {
  if (typeof message !== 'object' || message === null) return message
  const all = (items: readonly unknown[]): unknown[] => items.map((item) => fromMessage(item, factories))
  if (Array.isArray(message)) return all(message)
  if (!(TAG in message)) {
    return Object.fromEntries(Object.entries(message).map(([name, part]) => [name, fromMessage(part, factories)]))
  }
  const { [TAG]: tag, items } = message as Tagged
  const values = all(items)
  switch (tag) {
    case 'list':
      return List(values)
    case 'set':
      return Set(values)
    case 'map':
      return Map(values as [unknown, unknown][])
    case 'bag':
      return bagOf(Map(values as [unknown, number][]))
    case 'ordered':
      return OrderedMap(values as [unknown, unknown][])
    default:
      return factories[tag]!(Object.fromEntries(values as [string, unknown][]))
  }
}
