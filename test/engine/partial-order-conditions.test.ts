/**
 * Partial-order reduction: for each of its conditions a model that loses something without that condition.
 *
 * In each model the step `first` alone looks sufficient in the initial state. But what the model expects to find needs
 * other steps before `first`. The other actions come later, because the search tries them in order.
 */
import { describe, expect, it } from 'vitest'
import { bool, check, implies, model, preempts, range, schema, spec, value } from '../../src/index.ts'
import { prepareContext } from '../../src/engine/context.ts'
import { ActionDependencies } from '../../src/semantics/dependencies/action-dependencies.ts'
import { hasBit } from '../../src/semantics/dependencies/bits.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { compareReduced } from '../support/compare-reduced.ts'

const State = schema({
  f: range(0, 2),
  g: range(0, 2),
  h: range(0, 2),
  x: range(0, 2),
  y: range(0, 2),
  seen: range(0, 2),
  p: bool(),
  q: bool(),
  r: bool(),
  /** Too many contents to complete a function that reads it. */
  large: range(0, 99),
  open: value(0, { capacity: 8 }),
})
const FROM_THE_START = { por: 'on', tuning: { reduceFrom: 0 } } as const

type S = ReturnType<typeof State>
type Step = (s: S) => S | readonly S[] | undefined
type Test = (s: S) => boolean

/** A step that each run takes at most once. */
const once =
  (pc: 'p' | 'q' | 'r', then: Step, isEnabled: Test = () => true): Step =>
  (s) =>
    !s[pc] && isEnabled(s) ? then(s.set(pc, true)) : undefined

const setX = once('p', (s) => s.set('x', 1))
const setY = once('q', (s) => s.set('y', 1))
const see: Step = (s) => s.set('seen', 1)
const unseen = { unseen: (s: S) => s.seen === 0 }
const xFirst: Test = (s) => s.x === 1 && s.y === 0
const yFirst: Test = (s) => s.y === 1 && s.x === 0
const fails =
  (when: Test): Step =>
  (s) => {
    if (when(s)) throw new Error('planned')
    return undefined
  }

function specOf(definition: object): AnySpec {
  return spec({
    name: 'condition',
    model: () => model(State, { init: State(), deadlock: false, ...definition } as never),
  }) as AnySpec
}

/** By name: a model, and the properties that are violated or whose goals are reached. */
const MODELS: Readonly<Record<string, readonly [definition: object, found: readonly string[]]>> = {
  'invariants that see the order of independent steps': [
    { actions: { first: setX, other: setY }, invariants: { x: (s: S) => !xFirst(s), y: (s: S) => !yFirst(s) } },
    ['x', 'y'],
  ],
  'goals that see the order of independent steps': [
    { actions: { first: setX, other: setY }, goals: { x: xFirst, y: yFirst } },
    ['x', 'y'],
  ],
  'a goal that only the last of the steps spoils': [
    { actions: { first: setX, other: setY }, goals: { y: yFirst } },
    ['y'],
  ],
  'a goal that has several ways to be true, of which a step spoils the last': [
    { actions: { first: setX, other: setY }, goals: { y: (s: S) => (s.f === 1 ? s.h === 0 : yFirst(s)) } },
    ['y'],
  ],
  'antecedents that see the order of independent steps': [
    {
      actions: { first: setX, other: setY },
      invariants: { x: implies(xFirst, () => true), y: implies(yFirst, () => true) },
    },
    [],
  ],
  'an invariant that reads a large slot': [
    { actions: { first: setX, other: setY }, invariants: { y: (s: S) => s.large > 0 || !yFirst(s) } },
    ['y'],
  ],
  'an invariant that reads an open value': [
    { actions: { first: setX, other: setY }, invariants: { y: (s: S) => s.open > 0 || !yFirst(s) } },
    ['y'],
  ],
  'steps that write different contents to a slot that neither reads': [
    {
      actions: { first: setX, other: once('q', (s) => s.set('x', 2)) },
      goals: { one: (s: S) => s.p && s.q && s.x === 1, two: (s: S) => s.p && s.q && s.x === 2 },
    },
    ['one', 'two'],
  ],
  // Each with its choices in both orders.
  ...Object.fromEntries(
    ([1, -1] as const).flatMap((order) => {
      const inOrder = (...choices: readonly S[]): readonly S[] => (order === 1 ? choices : [...choices].reverse())
      const which = order === 1 ? 'second' : 'first'
      return [
        [
          `a step that writes to a slot, which the first reads, only as its ${which} choice`,
          [
            {
              actions: {
                first: once('p', (s) => (s.x === 0 ? s : s.set('seen', 1))),
                other: once('q', (s) => inOrder(s.set('y', 1), s.set('x', 1))),
              },
              invariants: unseen,
            },
            ['unseen'],
          ],
        ],
        [
          `a step that writes to a slot, which another reads, only as its ${which} choice`,
          [
            {
              actions: {
                first: once('p', (s) => inOrder(s.set('y', 1), s.set('x', 1))),
                other: once('q', (s) => s.set('seen', s.x === 0 ? 1 : 2)),
              },
              goals: { before: (s: S) => s.seen === 1 && s.x === 1, after: (s: S) => s.seen === 2 },
            },
            ['after', 'before'],
          ],
        ],
        [
          `steps of which the first writes to the slot of the other only as its ${which} choice`,
          [
            {
              actions: {
                first: once('p', (s) => inOrder(s.set('y', 1), s.set('x', 1))),
                other: once('q', (s) => s.set('x', 2)),
              },
              goals: { one: (s: S) => s.p && s.q && s.x === 1, two: (s: S) => s.p && s.q && s.x === 2 && s.y === 0 },
            },
            ['one', 'two'],
          ],
        ],
        [
          `steps of which the other writes to the slot of the first only as its ${which} choice`,
          [
            {
              actions: { first: setX, other: once('q', (s) => inOrder(s.set('y', 1), s.set('x', 2))) },
              goals: { one: (s: S) => s.p && s.q && s.x === 1 && s.y === 0, two: (s: S) => s.p && s.q && s.x === 2 },
            },
            ['one', 'two'],
          ],
        ],
        [
          `steps of which the first writes what the other writes only as its ${which} choice`,
          [
            {
              actions: {
                first: once('p', (s) => inOrder(s.set('x', 1), s.set('x', 2))),
                other: once('q', (s) => s.set('x', 2)),
              },
              goals: { one: (s: S) => s.p && s.q && s.x === 1 },
            },
            ['one'],
          ],
        ],
        [
          `steps of which the other writes what the first writes only as its ${which} choice`,
          [
            {
              actions: {
                first: once('p', (s) => s.set('x', 2)),
                other: once('q', (s) => inOrder(s.set('x', 1), s.set('x', 2))),
              },
              goals: { two: (s: S) => s.p && s.q && s.x === 2, one: (s: S) => s.p && s.q && s.x === 1 },
            },
            ['one', 'two'],
          ],
        ],
        [
          `a step that enables another only as its ${which} choice`,
          [
            {
              actions: {
                first: setX,
                last: once('q', see, (s) => s.f === 1 && s.x === 0),
                enabling: once('r', (s) => inOrder(s, s.set('f', 1))),
              },
              invariants: unseen,
            },
            ['unseen'],
          ],
        ],
      ] as const
    }),
  ),
  'a step that lets another pre-empt the first': [
    {
      actions: {
        first: setX,
        urgent: once(
          'q',
          (s) => s.set('seen', s.x === 0 ? 1 : 2),
          (s) => s.f === 1,
        ),
        enabling: once('r', (s) => s.set('f', 1)),
      },
      priorities: { urgentFirst: preempts('urgent', 'first') },
      goals: { before: (s: S) => s.p && s.seen === 1, after: (s: S) => s.p && s.seen === 2 },
    },
    ['after', 'before'],
  ],
  'a step that disables another': [
    {
      actions: {
        first: setX,
        other: once(
          'q',
          (s) => s,
          (s) => s.x === 0,
        ),
      },
      goals: { both: (s: S) => s.p && s.q },
      deadlock: { unless: (s: S) => s.p && s.q },
    },
    ['both', 'deadlock'],
  ],
  ...Object.fromEntries(
    (['f', 'g', 'h'] as const).flatMap((slot) =>
      ([1, 2] as const).map((content) => [
        `a step that enables another by ${slot} = ${content}`,
        [
          {
            actions: {
              first: setX,
              last: once('q', see, (s) => s[slot] > 0 && s.x === 0),
              enabling: once('r', (s) => s.set(slot, content)),
            },
            invariants: unseen,
          },
          ['unseen'],
        ] as const,
      ]),
    ),
  ),
  ...Object.fromEntries(
    (['f', 'g'] as const).map((slot) => [
      `a step that enables another, which tests f or g, by ${slot}`,
      [
        {
          actions: {
            first: setX,
            last: once('q', see, (s) => (s.f === 1 || s.g === 1) && s.x === 0),
            enabling: once('r', (s) => s.set(slot, 1)),
          },
          invariants: unseen,
        },
        ['unseen'],
      ] as const,
    ]),
  ),
  ...Object.fromEntries(
    (['large', 'open'] as const).map((slot) => [
      `a step that reads a slot without a complete domain, ${slot}, after another`,
      [
        {
          actions: {
            first: setX,
            last: once('q', see, (s) => s.f === 1 && s[slot] === 0 && s.x === 0),
            enabling: once('r', (s) => s.set('f', 1)),
          },
          invariants: unseen,
        },
        ['unseen'],
      ] as const,
    ]),
  ),
  'a step that enables another, which tests other slots for each content of f': [
    {
      actions: {
        first: setX,
        last: once('q', see, (s) => (s.f === 0 ? s.g === 1 : s.h === 0) && s.x === 0),
        enabling: once('r', (s) => s.set('f', 1)),
      },
      invariants: unseen,
    },
    ['unseen'],
  ],
  'a step that enables another, which tests other slots for each content of f, by two writes': [
    {
      actions: {
        first: setX,
        last: once('q', see, (s) => (s.f === 1 ? s.g === 1 : s.h === 1) && s.x === 0),
        enabling: once('r', (s) => s.set('f', 1).set('g', 1)),
      },
      invariants: unseen,
    },
    ['unseen'],
  ],
  'a step that enables another, beside one that never does': [
    {
      actions: {
        first: setX,
        last: once('q', see, (s) => s.f > 0 && s.x === 0),
        enabling: once('r', (s) => s.set('f', 2)),
        never: (s: S) => (s.g === 2 ? s.set('f', 1) : undefined),
      },
      invariants: unseen,
    },
    ['unseen'],
  ],
  'a cycle of steps beside another step': [
    {
      actions: {
        up: (s: S) => (s.x === 0 ? s.set('x', 1) : undefined),
        further: (s: S) => (s.x === 1 ? s.set('x', 2) : undefined),
        down: (s: S) => (s.x === 2 ? s.set('x', 0) : undefined),
        last: once('p', see),
      },
      invariants: unseen,
    },
    ['unseen'],
  ],
  'a cycle of steps that write to slots without reading them': [
    {
      actions: {
        // After it, one step of the cycle is enabled at a time.
        start: once('r', (s) => s.set('y', 1)),
        up: (s: S) => (s.r && s.y === 0 ? s.set('x', 0).set('y', 1) : undefined),
        down: (s: S) => (s.r && s.x === 0 ? s.set('x', 1).set('y', 0) : undefined),
        last: once('p', see, (s) => s.r),
      },
      invariants: unseen,
    },
    ['unseen'],
  ],
}

describe('a reduced search keeps what is found with', () => {
  it.each(Object.entries(MODELS))('%s', async (_, [definition, found]) => {
    const given = specOf(definition)
    // With few paths, some functions are not complete.
    for (const limits of [{}, { maxPaths: 2 }, { maxPaths: 4 }]) expect(compareReduced(given, {}, limits)).toBeDefined()
    const { properties, warnings } = await check(given, FROM_THE_START)
    const isFound = ({ result }: { readonly result: string }) => result === 'violated' || result === 'reached'
    expect(
      properties
        .filter(isFound)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(found)
    expect(warnings.filter(({ code }) => code === 'antecedent-never-true')).toEqual([])
  })

  it.each([
    ['x', xFirst],
    ['y', yFirst],
  ])('a failure of an action or an invariant where %s is first', async (_, when) => {
    const first = { first: setX, other: setY }
    const given = specOf({ actions: { ...first, failing: fails(when) } })
    expect(compareReduced(given)).toBeDefined()
    const inInvariant = specOf({ actions: first, invariants: { fails: (s: S) => fails(when)(s) === undefined } })
    expect(compareReduced(inInvariant)).toBeDefined()
    await expect(check(given, FROM_THE_START)).rejects.toMatchObject({ code: 'KR503' })
  })
})

describe('an action with unknown paths', () => {
  const { layout } = prepareContext(specOf({ actions: { setX } }), {})
  const unknown = { reads: [], contents: [], outcome: undefined }
  const [slot] = layout.slots.keys()
  const known = {
    reads: [slot!],
    contents: [0],
    outcome: { kind: 'successors' as const, writes: [new Map([[slot!, 1]])] },
  }
  const dependencies = new ActionDependencies(layout, [[known], [unknown]] as never)

  it('is a writer of every content', () => {
    for (const [each, { size, open }] of layout.slots.entries()) {
      for (let content = 0; content < (open ? 3 : size); content++) {
        const writers = dependencies.writersOf(each, content)
        expect([0, 1].filter((instance) => hasBit(writers, instance))).toEqual(
          each === slot && content === 1 ? [0, 1] : [1],
        )
      }
    }
  })

  it('conflicts with each known path', () => {
    expect(hasBit(dependencies.conflictsOf(0), 1)).toBe(true)
  })
})
