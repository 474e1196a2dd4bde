/**
 * The member sets of a model, recognized by strings alone: spread sets, names inside other strings, accidental names.
 */
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  constant,
  forAll,
  goto,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  schema,
  setOf,
  spec,
  thread,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'
import type { Outcome } from '../../src/api/outcome.ts'
import { infoOf } from '../../src/api/info.ts'
import { permuted } from '../../src/state/symmetry/permuted.ts'
import { bruteForce, text } from '../support/brute-force.ts'
import { renamings } from '../support/random-symmetric.ts'

async function checked(parts: () => unknown): Promise<Outcome> {
  return await check(spec({ name: 'names', model: () => parts() as Model }), { continue: true })
}

/** The warnings about sets that do not reduce the run. */
function unused({ warnings }: Outcome): string[] {
  return warnings.filter(({ code }) => code === 'not-reduced').map(({ text: said }) => said)
}

/** The number of orbits of a model's states, by an enumeration that shares no code with the checker. */
function orbitsOf(made: unknown, ...sets: readonly (readonly string[])[]): number {
  const all = renamings(sets)
  const { states } = bruteForce(made as Model)!
  return new Set(states.map((state) => all.map((rename) => text(permuted(state, rename))).sort()[0])).size
}

const OutsideOfModels = members('outer', 3, { symmetric: true })

/** Files take slots and release them. The files occur only in `oneOf`s. */
function ownersOf(File: readonly string[], Owner: any): unknown {
  const Slot = members('slot', 2)
  const State = schema({ owner: mapOf(Slot, Owner), last: oneOf('nobody', ...File) as any })
  return model(
    State as any,
    {
      init: State(),
      actions: {
        take: action({ slot: Slot }, (s: any, { slot }) =>
          File.map((file) => s.owner.get(slot) === 'free' && s.setIn(['owner', slot], file).set('last', file)),
        ),
        give: action({ slot: Slot }, (s: any, { slot }) => s.setIn(['owner', slot], 'free')),
      },
      invariants: {
        once: (s: any) => s.owner.get('slot1') === 'free' || s.owner.get('slot1') !== s.owner.get('slot2'),
      },
    } as any,
  )
}

describe('a symmetric set that is only spread', () => {
  it.each<[string, () => { made: unknown; File: readonly string[] }]>([
    [
      'made within the model',
      () => {
        const File = members('file', 3, { symmetric: true })
        return { File, made: ownersOf(File, oneOf('free', ...File)) }
      },
    ],
    [
      'made outside of it',
      () => ({ File: OutsideOfModels, made: ownersOf(OutsideOfModels, oneOf('free', ...OutsideOfModels)) }),
    ],
    [
      'before and behind other values',
      () => {
        const File = members('file', 3, { symmetric: true })
        return { File, made: ownersOf(File, oneOf('free', ...File, 'lost', ...members('disk', 2))) }
      },
    ],
  ])('reduces, %s', async (_, parts) => {
    const { made, File } = parts()
    const outcome = await checked(() => made)
    const whole = bruteForce(made as Model)!
    expect(outcome.symmetry).toBe('on')
    expect(unused(outcome)).toEqual([])
    expect(outcome.states.distinct).toBe(orbitsOf(made, File))
    expect(outcome.states.distinct).toBeLessThan(whole.distinct)
    expect(outcome.properties.find(({ name }) => name === 'once')!.result).toBe('violated')
    expect((await check(spec({ name: 'whole', model: () => made as Model }), { symmetry: false })).verdict).toBe(
      outcome.verdict,
    )
  })

  it('belongs to the model that spreads it, not to another one that lists the same names', async () => {
    const File = members('file', 3, { symmetric: true })
    const first = await checked(() => ownersOf(File, oneOf('free', ...File)))
    const byHand = (): unknown => {
      const names = ['file1', 'file2', 'file3']
      return ownersOf(names, oneOf('free', 'file1', 'file2', 'file3'))
    }
    // Iterated just before, but not spread.
    const iterated = [...File].length
    const other = await checked(byHand)
    expect([first.symmetry, other.symmetry, iterated]).toEqual(['on', 'off', 3])
    expect(other.states.distinct).toBe(bruteForce(byHand() as Model)!.distinct)
    expect(unused(other)).toEqual([])
  })

  it('is listed by info', () => {
    const File = members('file', 3, { symmetric: true })
    const made = ownersOf(File, oneOf('free', ...File)) as Model
    expect(infoOf(spec({ name: 'listed', model: () => made }), {}).symmetric).toEqual(['file'])
  })

  it('must still be symmetric', async () => {
    const parts = (): unknown => {
      const File = members('file', 3, { symmetric: true })
      const State = schema({ last: oneOf('nobody', ...File) })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: { go: (s) => File.map((file) => s.set('last', file)) },
        invariants: { notThird: (s) => s.last !== 'file3' },
      })
    }
    await expect(checked(parts)).rejects.toMatchObject({ code: 'KR508' })
  })

  it('does not reduce if another set has one of its names, or if a oneOf has only some of them', async () => {
    const File = members('file', 3, { symmetric: true })
    const stay = (variables: object) => (): unknown => {
      const State = schema(variables as never) as any
      return model(State, { init: State(), actions: { stay: (s: any) => s }, deadlock: false } as never)
    }
    const some = await checked(stay({ owner: oneOf('free', ...File), first: oneOf('none', 'file1') }))
    expect([some.symmetry, ...unused(some)]).toEqual(['off', expect.stringContaining('variable "first"')])
    const twice = await checked(stay({ owner: oneOf('free', ...File), other: setOf(members('file', 3)) }))
    expect([twice.symmetry, ...unused(twice)]).toEqual(['off', expect.stringContaining('"file"')])
  })
})

describe('a symmetric set whose members no variable holds', () => {
  const logs = spec({
    name: 'logs',
    constants: { bad: constant(oneOf('no', 'yes'), 'no', 'whether the invariant can fail') },
    model: ({ bad }) => {
      const Block = members('block', 2, { symmetric: true })
      const Sector = oneOf(...Block.map((block) => `log-${block}`))
      const State = schema({ disk: setOf(Sector) })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: { write: (s) => Block.map((block) => s.set('disk', s.disk.add(`log-${block}`))) },
        invariants: { free: forAll({ block: Block }, (s, { block }) => bad === 'no' || !s.disk.has(`log-${block}`)) },
      })
    },
  })

  it('does not reduce, and the warning names the variable with strings made of its names', async () => {
    const outcome = await check(logs)
    expect([outcome.verdict, outcome.symmetry, outcome.states.distinct]).toEqual(['holds', 'off', 4])
    expect(unused(outcome)).toEqual([expect.stringMatching(/"block".*"disk".*"log-block1"/)])
  })

  it('hides no violation that distinguishes members', async () => {
    const { verdict, properties } = await check(logs, { constants: { bad: 'yes' } })
    expect([verdict, properties[0]]).toMatchObject(['violated', { name: 'free', result: 'violated' }])
  })

  it('does not reduce if it is only a parameter', async () => {
    const outcome = await checked(() => {
      const Client = members('client', 3, { symmetric: true })
      const State = schema({ n: range(0, 3) })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: { more: action({ client: Client }, (s) => (s.n < 3 ? s.set('n', s.n + 1) : undefined)) },
      })
    })
    expect([outcome.symmetry, ...unused(outcome)]).toEqual(['off', expect.stringContaining('no variable can hold')])
  })
})

describe('strings made of the names of members', () => {
  /** Blocks are owned, and their log sectors are written. An owned block has its sector on disk. */
  const owned = (sector: (name: string) => string) => (): unknown => {
    const Block = members('block', 3, { symmetric: true })
    const State = schema({ owned: optional(Block), disk: setOf(oneOf(...Block.map(sector))) })
    return model(
      State as any,
      {
        init: State(),
        deadlock: false,
        actions: {
          own: action({ block: Block }, (s: any, { block }) =>
            s.merge({ owned: block, disk: s.disk.add(sector(block)) }),
          ),
        },
        invariants: { third: (s: any) => !(s.disk.has(sector('block3')) && s.disk.size === 1) },
      } as any,
    )
  }

  it.each<[string, (name: string) => string]>([
    ['behind a word', (name) => `log-${name}`],
    ['before a word', (name) => `${name} is lost`],
    ['behind a word without a gap', (name) => `log${name}`],
  ])('keep a set from reducing, %s, although variables hold its members too', async (_, sector) => {
    const outcome = await checked(owned(sector))
    expect([outcome.verdict, outcome.symmetry]).toEqual(['violated', 'off'])
    expect(unused(outcome)).toEqual([expect.stringContaining(`variable "disk" can hold "${sector('block1')}"`)])
  })

  it('are an error if they cannot be recognized', async () => {
    await expect(checked(owned((name) => `sector ${name.slice('block'.length)}`))).rejects.toMatchObject({
      code: 'KR508',
    })
  })

  it('are not found in longer numbers, or in words that happen to end like one name', async () => {
    const outcome = await checked(() => {
      const P = members('p', 2, { symmetric: true })
      const State = schema({ on: setOf(P), note: oneOf('step1', 'p10', 'x') })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: { go: action({ p: P }, (s, { p }) => s.set('on', s.on.add(p))) },
      })
    })
    expect([outcome.symmetry, outcome.states.distinct, ...unused(outcome)]).toEqual(['on', 3])
  })

  it('are not the members of another set whose label contains the label', async () => {
    const outcome = await checked(() => {
      const Block = members('block', 2, { symmetric: true })
      const Log = members('log-block', 2, { symmetric: true })
      const State = schema({ on: setOf(Block), last: oneOf('none', ...Log) })
      return model(State, {
        init: State(),
        deadlock: false,
        actions: {
          go: action({ block: Block }, (s, { block }) => s.set('on', s.on.add(block))),
          log: (s) => Log.map((log) => s.set('last', log)),
        },
      })
    })
    expect([outcome.symmetry, outcome.states.distinct, ...unused(outcome)]).toEqual(['on', 6])
  })
})

describe('labels of a thread', () => {
  it('are not members, even if all names agree', async () => {
    const outcome = await checked(() => {
      const A = members('a', 2, { symmetric: true })
      const State = schema({ on: setOf(A), run: thread('a1', 'a2') })
      return model(
        State as any,
        {
          init: State(),
          deadlock: false,
          actions: { turn: action({ a: A }, (s: any, { a }) => s.set('on', s.on.add(a))) },
          threads: { run: { at: { a1: (s: any) => goto('a2', s), a2: {} } } },
        } as any,
      )
    })
    expect([outcome.symmetry, ...unused(outcome)]).toEqual(['off', expect.stringContaining('label')])
  })
})
