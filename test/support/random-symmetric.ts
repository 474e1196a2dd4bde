/** Random schemas over symmetric sets, with random states and all permutations, for fast-check. */
import fc from 'fast-check'
import { List, Set } from 'immutable'
import {
  Bag,
  bag,
  bool,
  listOf,
  mapOf,
  members,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  union,
  type Domain,
} from '../../src/index.ts'
import { valuesOf, totalMap } from '../../src/spec/domain-values.ts'
import type { AnyDomain } from '../../src/spec/domain.ts'
import type { Schema } from '../../src/spec/schema.ts'

/** A plan is data that can be shrunk. `domainOf` makes a domain of it. */
export type Plan =
  | { kind: 'bool' | 'range' }
  | { kind: 'member' | 'freeOr' | 'optionalMember'; set: number }
  | { kind: 'set'; set: number; of: 'members' | 'pairs' | 'sets' | 'freeOr' | 'messages' }
  | { kind: 'bag'; set: number; of: 'members' | 'pairs' | 'messages' }
  | { kind: 'map'; set: number; keys: 'members' | 'freeOr' | 'pairs' | 'messages'; values: Plan }
  | { kind: 'list' | 'optional'; inner: Plan }
  | { kind: 'record'; left: Plan; right: Plan }
  | { kind: 'union'; left: Plan; right: Plan; tag: 'names' | 'words'; set: number }

export interface World {
  readonly sizes: readonly number[]
  readonly plans: readonly Plan[]
}

const LABELS = ['a', 'b', 'c']

const set = fc.nat(2)

const plan: fc.Arbitrary<Plan> = fc.letrec<{ any: Plan }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.record({ kind: fc.constantFrom('bool' as const, 'range' as const) }),
    fc.record({ kind: fc.constantFrom('member' as const, 'freeOr' as const, 'optionalMember' as const), set }),
    fc.record({
      kind: fc.constant('set' as const),
      set,
      of: fc.constantFrom(...(['members', 'pairs', 'sets', 'freeOr', 'messages'] as const)),
    }),
    fc.record({
      kind: fc.constant('bag' as const),
      set,
      of: fc.constantFrom(...(['members', 'pairs', 'messages'] as const)),
    }),
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('map' as const),
        set,
        keys: fc.constantFrom(...(['members', 'members', 'freeOr', 'pairs', 'messages'] as const)),
        values: tie('any'),
      }),
    },
    fc.record({ kind: fc.constantFrom('list' as const, 'optional' as const), inner: tie('any') }),
    fc.record({ kind: fc.constant('record' as const), left: tie('any'), right: tie('any') }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('union' as const),
        left: tie('any'),
        right: tie('any'),
        tag: fc.constantFrom('names' as const, 'words' as const),
        set,
      }),
    },
  ),
})).any

/** One to three sets of one to four members, and variables over them. */
export const world: fc.Arbitrary<World> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).filter((sizes) => {
    return sizes.reduce((product, size) => product * [1, 1, 2, 6, 24][size]!, 1) <= 150
  }),
  plans: fc.array(plan, { minLength: 1, maxLength: 3 }),
})

type Sets = readonly (readonly string[])[]

/** The sets and the schema of a world. */
export function schemaOf({ sizes, plans }: World): { sets: Sets; State: Schema } {
  const sets = sizes.map((size, index) => members(LABELS[index]!, size, { symmetric: true }))
  const domainOf = (it: Plan): Domain<any> => {
    const names = 'set' in it ? sets[it.set % sets.length]! : sets[0]!
    switch (it.kind) {
      case 'bool':
        return bool()
      case 'range':
        return range(1, 3)
      case 'member':
        return names
      case 'freeOr':
        return oneOf('free', ...names)
      case 'optionalMember':
        return optional(names)
      case 'set':
        return setOf<any>(elementsOf(it.of, names))
      case 'bag':
        return bag<any>(elementsOf(it.of, names), 3)
      case 'map':
        return mapOf<any, any>(elementsOf(it.keys, names), domainOf(it.values))
      case 'list':
        return listOf(domainOf(it.inner), 2)
      case 'optional': {
        const inner = domainOf(it.inner)
        return inner.kind === 'optional' ? inner : optional(inner)
      }
      case 'record':
        return record({ left: domainOf(it.left), right: domainOf(it.right) })
      case 'union':
        // Slots that hold a member in one variant and a number in another, or move in one and stay in the other.
        return union(
          record({ left: domainOf(it.left), type: it.tag === 'words' ? oneOf('one', 'uno') : oneOf(...names) }),
          record({ type: oneOf('two'), number: range(1, 9), right: domainOf(it.right), left: names }),
          record({ type: oneOf('three') }),
        )
    }
  }
  const elementsOf = (of: string, names: (typeof sets)[number]): Domain<any> => {
    if (of === 'members') return names
    if (of === 'freeOr') return oneOf('free', ...names)
    if (of === 'sets') return setOf(names)
    if (of === 'messages') {
      return union(record({ type: oneOf('to'), who: names }), record({ type: oneOf('all'), n: range(1, 2) }))
    }
    return listOf(names, 2)
  }
  const variables = Object.fromEntries(plans.map((it, index) => [`v${index}`, domainOf(it)]))
  // These variables make each set occur, even if no other variable uses it.
  sets.forEach((names, index) => (variables[`all${index}`] = setOf(names)))
  return { sets, State: schema(variables) as unknown as Schema }
}

/** A value of a domain, by choices. */
export function valueOf(domain: AnyDomain, choose: (bound: number) => number): unknown {
  switch (domain.kind) {
    case 'map':
      return totalMap(valuesOf(domain.keys).map((key) => [key, valueOf(domain.values, choose)]))
    case 'set':
      return Set(valuesOf(domain.elements).filter(() => choose(3) === 0))
    case 'list':
      return List(Array.from({ length: choose(domain.max + 1) }, () => valueOf(domain.elements, choose)))
    case 'bag':
      return Bag(Array.from({ length: choose(domain.max + 1) }, () => valueOf(domain.elements, choose)))
    case 'record':
      return domain.factory(
        Object.fromEntries(
          Object.entries(domain.fields).map(([name, field]) => [name, valueOf(field as AnyDomain, choose)]),
        ) as never,
      )
    case 'union':
      return valueOf(domain.variants[choose(domain.variants.length)]!, choose)
    case 'optional':
      return choose(2) === 0 ? null : valueOf(domain.inner, choose)
    default: {
      const values = valuesOf(domain)
      return values[choose(values.length)]
    }
  }
}

/** All permutations of several sets, as renamings. */
export function renamings(sets: Sets): ((name: string) => string)[] {
  return sets
    .map((names) => permutations(names).map((images) => names.map((name, index) => [name, images[index]!] as const)))
    .reduce<(readonly (readonly [string, string])[])[]>(
      (rows, list) => rows.flatMap((row) => list.map((pairs) => [...row, ...pairs])),
      [[]],
    )
    .map((pairs) => {
      const images = new Map(pairs)
      return (name) => images.get(name) ?? name
    })
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
