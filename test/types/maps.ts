/**
 * The types that the compiler infers for total maps, and for immutable.js's own types. Never run; see `inference.ts`.
 */
import { List, Map, Set, type OrderedMap, type Seq } from 'immutable'
import { expectTypeOf } from 'vitest'
import { bool, mapOf, members, oneOf, record, schema, type Domain, type ValueOf } from 'kripke'

const User = members('user', 2)
const Block = members('block', 2)
type Block = 'block1' | 'block2'
type Owner = 'free' | 'user1' | 'user2'
const State = schema({
  owner: mapOf(Block, oneOf('free', ...User)),
  table: mapOf(User, mapOf(Block, bool())),
  counts: mapOf(Block, record({ pins: mapOf(User, bool()) })),
})
const s = State()
type Owners = typeof s.owner
const owners = mapOf(Block, oneOf('free', ...User))
expectTypeOf<ValueOf<typeof owners>>().toEqualTypeOf<Owners>()

// Any map of immutable.js may replace a total map.
declare const plain: Map<Block, Owner>
declare const fewer: Map<'block1', 'free'>
declare const ordered: OrderedMap<Block, Owner>
s.set('owner', plain).set('owner', fewer).set('owner', ordered).set('owner', s.owner)
s.set('owner', Map({ block1: 'free', block2: 'user1' } as const))
s.set('owner', Map(Block.map((block) => [block, 'free'])))
s.set(
  'owner',
  plain.set('block1', 'free').filter((owner) => owner !== 'user1'),
)
s.merge({ owner: plain, table: s.table.map((row) => row.map(() => true)) })
s.setIn(['table', 'user1'], Map<Block, boolean>()).setIn(['counts', 'block1', 'pins'], Map([['user1', true]]))
s.updateIn(['table', 'user1'], () => Map<Block, boolean>())
s.table.set('user1', Map<Block, boolean>())
// The place of a new map determines its keys and values.
s.set('owner', Map([['block1', 'free']])).merge({ owner: Map([['block1', 'user1']]) })
s.setIn(['table', 'user1'], Map([['block1', true]])).update('owner', () => Map([['block1', 'free']]))
State({ owner: Map([['block1', 'free']]) })
State({ owner: Map(Block.map((block) => [block, 'free'])), table: Map<'user1', never>() })

declare const strings: Map<Block, string>
declare const byUser: Map<'user1', Owner>
declare const native: globalThis.Map<Block, Owner>
declare const sequence: Seq.Keyed<Block, Owner>
// @ts-expect-error other values
s.set('owner', strings)
// @ts-expect-error other keys, of a map that is built on the spot
s.set('owner', Map([['block3', 'free']]))
// @ts-expect-error other keys
s.set('owner', byUser)
// @ts-expect-error one level down, other keys
s.set('table', Map<'user1', Map<'user1', boolean>>())
// @ts-expect-error one level down, a map that may lack keys
s.set('table', Map<'user1', Map<Block, boolean>>())
// @ts-expect-error a map of JavaScript
s.set('owner', native)
// @ts-expect-error a sequence
s.set('owner', sequence)
// @ts-expect-error a set
s.set('owner', Set<Block>())
// @ts-expect-error a list
s.set('owner', List<Owner>())
// @ts-expect-error a plain object
s.set('owner', { block1: 'free', block2: 'free' })
// @ts-expect-error other values, by name
s.merge({ owner: strings })
// @ts-expect-error other values, of a new state
State({ owner: strings })
// @ts-expect-error other values, at the end of a path
s.setIn(['table', 'user1'], Map<Block, string>())

// A total map has all methods of a `Map`.
expectTypeOf<keyof Map<Block, Owner>>().toExtend<keyof Owners>()
expectTypeOf(s.owner.filter((owner) => owner === 'free')).toEqualTypeOf<Map<Block, 'free'>>()
expectTypeOf(s.owner.filterNot((owner) => owner === 'free')).toEqualTypeOf<Owners>()
expectTypeOf(s.owner.keySeq()).toEqualTypeOf<Seq.Indexed<Block>>()
expectTypeOf(s.owner.sort().first()).toEqualTypeOf<Owner | undefined>()
expectTypeOf(s.owner.mapKeys((block) => block.length)).toEqualTypeOf<Map<number, Owner>>()
expectTypeOf(
  s.owner
    .groupBy((owner) => owner)
    .get('free')
    ?.get('block1'),
).toEqualTypeOf<Owner | undefined>()
expectTypeOf(s.owner.merge([['block1', 'free']])).toEqualTypeOf<Owners>()
expectTypeOf(s.owner.concat(s.owner)).toEqualTypeOf<Map<Block, Owner>>()
expectTypeOf(s.owner.withMutations((all) => all.set('block1', 'free'))).toEqualTypeOf<Owners>()
expectTypeOf(s.owner.flip().get('free')).toEqualTypeOf<Block | undefined>()
expectTypeOf([...s.owner]).toEqualTypeOf<[Block, Owner][]>()
expectTypeOf(s.table.toList().first()?.get('block1')).toEqualTypeOf<boolean | undefined>()

// Functions over any total map infer its contents, also at the place of their result.
const cleared = <P, B, E>(
  tables: ValueOf<ReturnType<typeof tablesOf<P, B, E | false>>>,
  which: (block: B) => boolean,
) => tables.map((row) => row.map((entry, block) => (which(block) ? (false as const) : entry)))
const tablesOf = <P, B, E>(processes: Domain<P>, blocks: Domain<B>, entries: Domain<E>) =>
  mapOf(processes, mapOf(blocks, entries))
s.merge({ table: cleared(s.table, (block) => block === 'block1') })
s.set(
  'table',
  cleared(s.table, (block) => block === 'block2'),
)
// @ts-expect-error no such block
s.merge({ table: cleared(s.table, (block) => block === 'block3') })

// Types vary with their parameters: a collection of a narrower type may replace one of a wider type, not the other way
// round.
const free = s.owner.map(() => 'free' as const)
expectTypeOf(free).toExtend<Owners>()
expectTypeOf<Owners>().not.toExtend<typeof free>()
expectTypeOf<Map<'a', 1>>().toExtend<Map<string, number>>()
expectTypeOf<Map<string, 1>>().not.toExtend<Map<'a', 1>>()
expectTypeOf<Map<'a', number>>().not.toExtend<Map<'a', 1>>()
expectTypeOf<List<1>>().toExtend<List<number>>()
expectTypeOf<List<number>>().not.toExtend<List<1>>()
expectTypeOf<Set<1>>().toExtend<Set<number>>()
expectTypeOf<Set<number>>().not.toExtend<Set<1>>()
expectTypeOf<Seq.Keyed<'a', 1>>().toExtend<Seq.Keyed<string, number>>()
expectTypeOf<Seq.Indexed<number>>().not.toExtend<Seq.Indexed<1>>()
