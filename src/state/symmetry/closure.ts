/** Closes the elements of sparse sets under exchanges of symmetric members, so that every permuted state has slots. */
import { positionIn, valueAt } from '../../spec/domain-index.ts'
import { badDomain } from '../../errors.ts'
import { cardinality, describe, MAX_ENUMERATED } from '../../spec/domain-values.ts'
import type { Schema } from '../../spec/schema.ts'
import type { BagDomain, SetDomain } from '../../spec/domain.ts'
import type { SymmetricSet } from '../../spec/symmetric-sets.ts'
import { layOut, type Layout } from '../layout.ts'
import { type Element, type Elements, withElements } from '../new-elements.ts'
import type { BagShape, SetShape, Shape } from '../shape.ts'
import { pathText, type Step } from './exchanges.ts'
import { permuted, type Renaming } from './permuted.ts'

/** The sparse sets and bags below a shape, in order, with their paths. */
export function sparseSetsIn(root: Shape): { readonly shape: SetShape | BagShape; readonly path: readonly Step[] }[] {
  const found: { shape: SetShape | BagShape; path: readonly Step[] }[] = []
  const visit = (shape: Shape, path: readonly Step[]): void => {
    switch (shape.kind) {
      case 'scalar':
        return
      case 'optional':
        return visit(shape.inner, path)
      case 'map':
        return shape.keys.forEach((key, index) => visit(shape.children[index]!, [...path, { key }]))
      case 'set':
      case 'bag':
        return void (shape.sparse !== undefined && found.push({ shape, path }))
      case 'list':
        return shape.children.forEach((child, index) => visit(child, [...path, `[${index}]`]))
      case 'record':
        return shape.names.forEach((name, index) =>
          visit(shape.children[index]!, [...path, `.${JSON.stringify(name)}`]),
        )
      case 'union':
        return shape.variants.forEach((variant, index) => visit(variant, [...path, `|${index}`]))
    }
  }
  visit(root, [])
  return found
}

/** All elements of the sparse sets that have at most `most` possible elements. */
export function allElements(root: Shape, most: number): Element[] {
  return sparseSetsIn(root).flatMap(({ shape }) => {
    const count = cardinality((shape.domain as SetDomain | BagDomain).elements)
    return count > most ? [] : Array.from({ length: count }, (_, position): Element => [shape.sparse!, position])
  })
}

/**
 * A layout with a slot for each possible element of each sparse set.
 *
 * @throws {CheckerError} KR204 for a sparse set with too many possible elements
 */
export function layOutWhole(schema: Schema): Layout {
  const layout = layOut(schema)
  const sets = sparseSetsIn(layout.shape)
  if (sets.length === 0) return layout
  for (const { shape } of sets) {
    const { kind, elements } = shape.domain as SetDomain | BagDomain
    if (cardinality(elements) <= MAX_ENUMERATED) continue
    const hint = 'give the messages of the abstract spec a smaller domain'
    throw badDomain(
      `${kind === 'bag' ? 'bag' : 'messages'}(${describe(elements)})`,
      `must have at most ${MAX_ENUMERATED} possible elements in an abstract spec, but has more`,
      hint,
    )
  }
  return layOut(schema, withElements([], allElements(layout.shape, MAX_ENUMERATED)))
}

/** All elements that exchanges of two members make of the given ones, however many exchanges it takes. */
export function closedUnderSymmetry(root: Shape, sets: readonly SymmetricSet[], elements: Elements): Elements {
  const places = sparseSetsIn(root)
  const exchanges: Renaming[] = sets.flatMap(({ names }) =>
    names.slice(1).map((two, index): Renaming => {
      const one = names[index]!
      return (name) => (name === one ? two : name === two ? one : name)
    }),
  )
  const byPath = new Map(places.map(({ shape, path }) => [pathText(path, (name) => name), shape.sparse!]))
  const images = places.map(({ path }) => exchanges.map((rename) => byPath.get(pathText(path, rename))!))
  const seen = places.map(({ shape }) => new Set(elements[shape.sparse!]))
  // Grows while it is walked.
  const all: Element[] = seen.flatMap((positions, set) => [...positions].map((position): Element => [set, position]))
  for (const [set, position] of all) {
    const domain = (places[set]!.shape.domain as SetDomain | BagDomain).elements
    const element = valueAt(domain, position)
    exchanges.forEach((rename, index) => {
      const to = images[set]![index]!
      const image = positionIn(domain, permuted(element, rename))
      if (seen[to]!.has(image)) return
      seen[to]!.add(image)
      all.push([to, image])
    })
  }
  return withElements(elements, all)
}
