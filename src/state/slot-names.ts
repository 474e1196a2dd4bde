/** The names of slots, for traces and errors. */
import { show } from '../spec/show.ts'

/** A set or bag, and its elements that have slots. */
interface Holder {
  readonly name: string
  readonly elements: readonly unknown[]
}

/** The name of a field of a place. The state itself has no name. */
export function inside(name: string, field: string): string {
  return name === '' ? field : `${name}.${field}`
}

/** The name of a slot that two places share. */
export function both(one: string, other: string): string {
  return one.split(' | ').includes(other) ? one : `${one} | ${other}`
}

/** The name of the slot that says whether an optional value is present. */
export function presenceName({ name }: { readonly name: string }): string {
  return `${name}?`
}

/** The name of the slot that holds the length of a list or the size of a bag. */
export function lengthName({ name }: { readonly name: string }): string {
  return `${name}.size`
}

/** The name of the slot that says whether a set contains its element number `index`. */
export function elementName({ name, elements }: Holder, index: number): string {
  return `${name} ∋ ${show(elements[index])}`
}

/** The name of the slot that holds the number of copies of a bag's element number `index`. */
export function countName({ name, elements }: Holder, index: number): string {
  return `${name}.count(${show(elements[index])})`
}
