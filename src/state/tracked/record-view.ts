/**
 * A view of a record, or of the state itself: a genuine `Record` whose fields hold `Unread` until they are read.
 *
 * Each read of a `Record` goes through `get`, and `set` keeps the prototype. So overriding `get` is enough: a field
 * that still holds `Unread` was not overwritten.
 */
import { Seq } from 'immutable'
import type { State } from '../../spec/model.ts'
import type { RecordShape, Shape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'
import { setIn } from './view.ts'

/** The content of a record's field that was neither read nor overwritten. */
export class Unread {
  readonly reader: PlaceReader
  readonly shape: Shape

  constructor(reader: PlaceReader, shape: Shape) {
    this.reader = reader
    this.shape = shape
  }
}

type Methods = { [name: string]: unknown }

export function recordView(reader: PlaceReader, shape: RecordShape): State {
  const fields = shape.names.map((name, index) => [name, new Unread(reader, shape.children[index]!)])
  const record = shape.factory.record(Object.fromEntries(fields) as object)
  return Object.setPrototypeOf(record, trackedPrototype(shape)) as State
}

/** The content of a field, possibly `Unread`, without reading it. */
export function peek(shape: RecordShape, record: unknown, name: string): unknown {
  const { get } = shape.factory.record.prototype as { get(this: unknown, name: string): unknown }
  return get.call(record, name)
}

const prototypes = new WeakMap<object, object>()

/** The prototype of all record views of one factory. */
function trackedPrototype({ factory }: RecordShape): object {
  let made = prototypes.get(factory)
  if (made !== undefined) return made
  const genuine = factory.record.prototype as Methods
  const genuineGet = genuine['get'] as (this: unknown, name: string, ...notSet: unknown[]) => unknown
  made = Object.assign(Object.create(genuine) as Methods, {
    get(this: unknown, name: string, ...notSet: unknown[]): unknown {
      const held = genuineGet.call(this, name, ...notSet)
      return held instanceof Unread ? held.reader.value(held.shape) : held
    },
    setIn(this: object, path: Iterable<unknown>, value: unknown): unknown {
      return setIn(this, path, value)
    },
    /** Like `Record.merge`, which would read each field only to check whether it exists. */
    merge(this: object, ...others: Iterable<[string, unknown]>[]): unknown {
      return others.reduce((merged, other) => Seq.Keyed<string, unknown>(other).reduce(assign, merged), this)
    },
  })
  prototypes.set(factory, made)
  return made
}

function assign(record: object, value: unknown, name: string): object {
  return (record as { set(name: string, value: unknown): object }).set(name, value)
}
