/** Values as JSON: trees with texts at their leaves, as the page of the explorer shows them. */
import { isList, isMap, isRecord, isSet, Map as ValueMap } from 'immutable'
import type { State } from '../../spec/model.ts'
import { isBag } from '../../spec/bag.ts'
import { show, sorted } from '../show.ts'

/** A value as a tree. The entries of a bag are its elements with their numbers. */
export type ValueDocument =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'set' | 'list'; readonly items: readonly ValueDocument[] }
  | {
      readonly kind: 'map' | 'record' | 'bag'
      readonly entries: readonly (readonly [key: string, value: ValueDocument])[]
    }

export function valueDocument(value: unknown): ValueDocument {
  if (isSet(value)) return { kind: 'set', items: sorted(value).map(valueDocument) }
  if (isList(value)) return { kind: 'list', items: value.toArray().map(valueDocument) }
  if (isRecord(value)) return { kind: 'record', entries: entries(value.toSeq().entrySeq()) }
  if (isMap(value)) return { kind: 'map', entries: entries(value) }
  if (isBag(value)) return { kind: 'bag', entries: entries(sorted(value).map((it) => [it, value.count(it)])) }
  return { kind: 'value', text: show(value) }
}

function entries(pairs: Iterable<readonly [unknown, unknown]>): [string, ValueDocument][] {
  return Array.from(pairs, ([key, value]) => [show(key), valueDocument(value)])
}

/** Values of several states, each once: a long trace repeats most of them. */
export class ValueTable {
  readonly values: ValueDocument[] = []
  #indexes: ValueMap<unknown, number> = ValueMap()

  /** @returns for each variable, the index of its value in `values` */
  indexesOf(state: State, variables: readonly string[]): number[] {
    return variables.map((name) => this.indexOf(state.get(name)))
  }

  indexOf(value: unknown): number {
    const known = this.#indexes.get(value)
    if (known !== undefined) return known
    const index = this.values.push(valueDocument(value)) - 1
    this.#indexes = this.#indexes.set(value, index)
    return index
  }
}
