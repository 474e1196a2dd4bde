/** Bindings: values of parameters by name, and their text. */
import { isSet } from 'immutable'
import { product, valuesOf } from './domain-values.ts'
import type { Fields } from './domain.ts'
import { show } from './show.ts'

/** Values by parameter name. */
export type Bindings = { readonly [name: string]: unknown }

/** Every way to bind the parameters, the last one varying fastest. */
export function bindAll(parameters: Fields): Bindings[] {
  const names = Object.keys(parameters)
  return product(names.map((name) => valuesOf(parameters[name]!))).map((row) =>
    Object.freeze(Object.fromEntries(names.map((name, index) => [name, row[index]]))),
  )
}

/**
 * `name(file1, block2, want=1)`, or `name` alone without bindings. A value that begins with its parameter's name is
 * shown without the name, as members of the usual sets are.
 */
export function callText(name: string, bindings: Bindings): string {
  const values = Object.entries(bindings).map(([parameter, value]) => {
    const text = show(value)
    return text.startsWith(parameter) ? text : `${parameter}=${text}`
  })
  return values.length === 0 ? name : `${name}(${values.join(', ')})`
}

/** ` {kept: block1, block3; from: 2}`: what `anyOf` and `anySubset` chose. Nothing if there was no choice. */
export function chosenText(chosen: Bindings = {}): string {
  const texts = Object.entries(chosen).map(([name, value]) => {
    const text = show(value)
    return `${name}: ${isSet(value) && !value.isEmpty() ? text.slice(1, -1) : text}`
  })
  return texts.length === 0 ? '' : ` {${texts.join('; ')}}`
}

/** `name=value name=value`. */
export function bindingsText(values: Bindings): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(' ')
}
