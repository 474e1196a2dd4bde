/**
 * The verdict table of `specs/seen-set.ts`. The counts and lengths are Kripke's own. `every-spec.test.ts` and
 * `large.long.ts` compare some of them with a brute-force explorer.
 */
import { describe, expect, it } from 'vitest'
import seenSet from '../../specs/seen-set.ts'
import { check } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'

type Found = { readonly [property: string]: number }

interface Row {
  readonly constants: { readonly [name: string]: string | number }
  readonly states: number
  /** Lengths of shortest counterexamples in steps. Other properties hold. */
  readonly found: Found
}

/** Two workers, two parcels each, one vector in a parcel. */
const DESIGNS: readonly Row[] = [
  { constants: { design: 'owned-parts' }, states: 34077, found: {} },
  { constants: { design: 'one-part' }, states: 1369, found: { storedOnce: 18, newOnce: 18 } },
  { constants: { design: 'plain-push' }, states: 69996, found: { endInTime: 51, deadlock: 80 } },
  { constants: { design: 'read-then-clear' }, states: 41849, found: { deadlock: 70 } },
  { constants: { design: 'link-late' }, states: 66417, found: { endInTime: 70, deadlock: 71 } },
  { constants: { design: 'settle-on-return' }, states: 36662, found: { endInTime: 68 } },
  { constants: { design: 'bell-late' }, states: 17676, found: { deadlock: 49 } },
  { constants: { design: 'notify-only' }, states: 19515, found: { deadlock: 55 } },
  { constants: { design: 'silent-end' }, states: 34021, found: { deadlock: 75 } },
  // Different, but right.
  { constants: { design: 'count-late' }, states: 35103, found: {} },
  { constants: { design: 'pop-singly' }, states: 41912, found: {} },
]

/** Two vectors in a parcel. */
const KNOBS: readonly Row[] = [
  { constants: { capacity: 2 }, states: 10459, found: {} },
  { constants: { design: 'finish-early', capacity: 2 }, states: 8161, found: { deadlock: 63 } },
  // No parcel is ever half full.
  { constants: { design: 'finish-early' }, states: 34077, found: {} },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

describe.each([
  ['designs', DESIGNS],
  ['knobs', KNOBS],
])('seen-set: %s', (_, rows) => {
  it.each(some(rows, ({ states }, index) => states < 5000 || index === 0).map((row) => [title(row), row] as const))(
    '%s',
    async (_title, { constants, states: distinct, found }) => {
      const { states, properties, traces, complete } = await check(seenSet, { constants, continue: true })
      expect(complete).toBe(true)
      expect(states.distinct).toBe(distinct)
      const violated = properties.flatMap(({ name, result, trace }) =>
        result === 'violated' ? [[name, traces[trace!]!.steps.length - 1]] : [],
      )
      expect(Object.fromEntries(violated)).toEqual(found)
    },
  )
})

describe('seen-set', () => {
  it('contains the races that it is about', async () => {
    const { verdict, properties } = await check(seenSet, {})
    expect(verdict).toBe('holds')
    expect(properties.filter(({ result }) => result === 'unreached')).toEqual([])
  })

  it('loses an answer in the box if the owner has settled it', async () => {
    const { traces } = await check(seenSet, {
      constants: { design: 'settle-on-return' },
      properties: ['endInTime'],
    })
    const { returns } = traces[0]!.steps.at(-1)!.state.toJS() as { returns: { [worker: string]: string | null } }
    expect(Object.values(returns).some((parcel) => parcel !== null)).toBe(true)
  })
})

compareVariants('seen-set.ts')
