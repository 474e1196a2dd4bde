/** Learned answers about temporal properties are compared with reference evaluation before anything is reported. */
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  eventually,
  members,
  model,
  range,
  schema,
  setOf,
  spec,
  taken,
  weak,
} from '../../../src/index.ts'
import type { LearnedEvaluator } from '../../../src/semantics/learned/learned-evaluator.ts'
import { prepareContext } from '../../../src/engine/context.ts'
import { auditSets } from '../../../src/engine/symbolic/fair-cycle/sets-audit.ts'
import { TemporalChecker, type Answers } from '../../../src/engine/symbolic/fair-cycle/temporal-checker.ts'
import { purely } from '../../../src/spec/purity.ts'
import { temporalInstances } from '../../../src/spec/temporal-instances.ts'
import { EMPTY } from '../../../src/engine/symbolic/diagram/node-table.ts'
import type { RunSliced } from '../../../src/engine/symbolic/reachable-set.ts'
import { reach } from '../../../src/engine/symbolic/reachability.ts'
import { SymbolicModel } from '../../../src/engine/symbolic/symbolic-model.ts'

const Item = members('item', 4)
const State = schema({ taken: setOf(Item), n: range(0, 3) })

/** Items are taken one by one, and returned all at once. */
const shelf = spec({
  name: 'shelf',
  model: () =>
    model(State, {
      init: State(),
      actions: {
        take: action({ item: Item }, (s, { item }) => !s.taken.has(item) && s.set('taken', s.taken.add(item))),
        clear: (s) => s.taken.size === 4 && s.set('taken', s.taken.clear()).set('n', (s.n + 1) % 4),
      },
      fairness: { all: weak('take', 'clear') },
      temporal: { fills: eventually((s) => s.taken.size === 4), clears: eventually(taken('clear')) },
      deadlock: false,
    }),
})

/** Decides the first property of the shelf after changing and auditing its answers. */
async function audited(change: (answers: Answers, model: SymbolicModel) => Partial<Answers>): Promise<unknown> {
  const context = prepareContext(shelf, { workers: 1 })
  const evaluator = context.evaluator as LearnedEvaluator
  const { layout, instances, initial, settings } = context
  const maxBytes = settings.memoryBytes
  const symbolic = new SymbolicModel({ ...{ layout, evaluator, instances, initial, constraints: [], maxBytes } })
  const runSliced: RunSliced = async (work) => purely(work)
  const parts = { model: symbolic, runSliced }
  const reached = await reach(symbolic, runSliced, () => {})
  const formulas = settings.properties.filter(({ kind }) => kind === 'temporal').map(temporalInstances)
  const judge = new TemporalChecker(
    {
      ...{ ...parts, reached },
      audit: async (alphabet, answers) =>
        auditSets(context, parts, alphabet, { ...answers, ...change(answers, symbolic) }),
    },
    ...([evaluator, instances, context.model, formulas.flat()] as const),
  )
  return judge.decide(formulas[0]!)
}

/** The answers, with one of them inverted. */
const opposite =
  (bit: number) =>
  ({ states, reached }: Answers, { diagrams }: SymbolicModel): Partial<Answers> => ({
    states: states.map((set, index) => (index === bit ? diagrams.minus(reached, set) : set)),
  })

describe('auditSets', () => {
  it('accepts right answers', async () => {
    expect(await audited(() => ({}))).toMatchObject({ violation: undefined })
  })

  it.each([
    ['which steps are enabled', opposite(0)],
    ['a predicate', opposite(2)],
    ['which steps are made', ({ steps }: Answers) => ({ steps: steps.map((one) => ({ ...one, step: EMPTY })) })],
  ])('detects wrong answers about %s (KR501)', async (_, change) => {
    await expect(audited(change)).rejects.toMatchObject({ code: 'KR501' })
  })
})

describe('an impure predicate', () => {
  const Ring = schema({ n: range(0, 5) })

  /** Goes round. `reaches` gives right answers this many times, which is more than learning needs. */
  const ring = (isOther: (calls: number) => boolean, constraints = {}) => {
    let calls = 0
    return spec({
      name: 'ring',
      model: () =>
        model(Ring, {
          init: Ring(),
          actions: { go: (s) => s.set('n', (s.n + 1) % 6) },
          fairness: { goes: weak('go') },
          temporal: { reaches: eventually((s) => (s.n === 3) !== isOther(++calls)) },
          constraints,
        }),
    })
  }

  it.each(['explicit', 'symbolic'] as const)(
    'is detected by the %s engine even if learning missed it',
    async (engine) => {
      const late = check(
        ring((calls) => calls > 40),
        { engine },
      )
      await expect(late).rejects.toMatchObject({ code: 'KR501', message: expect.stringContaining('"reaches"') })
      const seldom = check(
        ring((calls) => calls > 40 && calls % 2 === 0),
        { engine },
      )
      await expect(seldom).rejects.toMatchObject({ code: 'KR502', message: expect.stringContaining('"reaches"') })
      const throwing = check(
        ring((calls) => {
          if (calls > 40) throw new Error('tired')
          return false
        }),
        { engine },
      )
      await expect(throwing).rejects.toMatchObject({ code: 'KR502', message: expect.stringContaining('tired') })
    },
  )

  it.each(['explicit', 'symbolic'] as const)('is the only check of the %s engine', async (engine) => {
    expect(
      await check(
        ring(() => false),
        { engine },
      ),
    ).toMatchObject({ verdict: 'holds', engine })
  })

  it.each(['explicit', 'symbolic'] as const)('is not evaluated by the %s engine without states', async (engine) => {
    const nowhere = ring(() => false, { nowhere: () => false })
    expect(await check(nowhere, { engine })).toMatchObject({ states: { distinct: 0 }, ending: 'exhausted' })
  })
})
