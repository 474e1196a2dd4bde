/**
 * The verdict table of `specs/cluster.ts`. The counts and lengths are Kripke's own. `compareVariants` holds some of them
 * against a brute-force explorer.
 */
import { describe, expect, it } from 'vitest'
import cluster from '../../specs/cluster.ts'
import { check } from '../../src/index.ts'
import { some } from '../support/amount.ts'
import { compareVariants } from '../support/compare-variants.ts'

interface Row {
  readonly constants: { readonly [name: string]: string | number }
  readonly states: number
  /** Lengths of shortest counterexamples in steps. Other properties hold, except perhaps `ends`. */
  readonly found: { readonly [property: string]: number }
  /** Whether the run may never end. */
  readonly hangs?: boolean
}

/** What happens if the journals lack a state: it is lost, its successors are late, and the count is short. */
const loses = (nothingLost: number, levelComplete: number, depthRight: number) => ({
  nothingLost,
  allExpanded: nothingLost,
  levelComplete,
  depthRight,
  countRight: nothingLost,
})

/** Two nodes, one of which may crash. */
const TWO_NODES: readonly Row[] = [
  { constants: { design: 'epochs' }, states: 1407, found: {} },
  { constants: { design: 'ack-before-insert' }, states: 6770, found: loses(15, 7, 16) },
  { constants: { design: 'no-count' }, states: 5215, found: loses(7, 9, 12) },
  { constants: { design: 'count-copies' }, states: 4640, found: loses(22, 10, 13), hangs: true },
  {
    constants: { design: 'old-done' },
    states: 1596,
    found: { nothingLost: 7, allExpanded: 7, countRight: 7 },
  },
  { constants: { design: 'no-hold' }, states: 2081, found: { depthRight: 15, countRight: 23 }, hangs: true },
  { constants: { design: 'no-resend' }, states: 1332, found: loses(5, 8, 11) },
  { constants: { design: 'drop-frontier' }, states: 1425, found: loses(9, 11, 14) },
  // With two nodes and no restart, these have no effect.
  { constants: { design: 'no-epoch' }, states: 2196, found: {} },
  { constants: { design: 'early-epoch' }, states: 1407, found: {} },
  { constants: { design: 'keep-filter' }, states: 1581, found: {} },
  // Different, but right.
  { constants: { design: 'early-level' }, states: 1573, found: {} },
  { constants: { design: 'ignore-old' }, states: 1407, found: {} },
]

const RESTARTS: readonly Row[] = [
  { constants: { restarts: 1, losses: 0 }, states: 12_006, found: {} },
  { constants: { restarts: 1 }, states: 33_345, found: {} },
  { constants: { restarts: 1, design: 'no-epoch' }, states: 44_388, found: loses(26, 14, 17), hangs: true },
  { constants: { restarts: 1, design: 'keep-filter' }, states: 25_116, found: loses(12, 13, 16) },
  { constants: { restarts: 1, design: 'ignore-old' }, states: 33_345, found: {} },
]

/** A node that is only slow is declared lost, too. */
const SUSPECTS: readonly Row[] = [
  { constants: { suspects: 'any' }, states: 5074, found: {} },
  { constants: { suspects: 'any', design: 'ignore-old' }, states: 5074, found: {} },
  { constants: { suspects: 'any', design: 'early-level' }, states: 5784, found: {} },
]

const THREE_NODES: readonly Row[] = [
  { constants: { nodes: 3, losses: 0 }, states: 2966, found: {} },
  { constants: { nodes: 3 }, states: 23_902, found: {} },
  { constants: { nodes: 3, design: 'early-epoch' }, states: 28_197, found: { depthRight: 42, countRight: 58 } },
  { constants: { nodes: 3, design: 'keep-filter' }, states: 21_293, found: loses(13, 14, 17) },
  { constants: { nodes: 3, design: 'no-epoch' }, states: 69_570, found: loses(29, 15, 18), hangs: true },
  { constants: { nodes: 3, design: 'early-level' }, states: 26_046, found: {} },
  { constants: { nodes: 3, design: 'ignore-old' }, states: 23_902, found: {} },
]

const title = ({ constants }: Row): string =>
  Object.entries(constants)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

const ROWS = [...TWO_NODES, ...RESTARTS, ...SUSPECTS, ...THREE_NODES]
const isQuick = ({ states, found }: Row, index: number) =>
  index === 0 || (states < 1500 && Object.keys(found).length > 0)

describe('cluster, by design', () => {
  it.each(some(ROWS, isQuick).map((row) => [title(row), row] as const))(
    '%s',
    { timeout: 120_000 },
    async (_title, { constants, states: distinct, found, hangs = false }) => {
      const { states, properties, traces, complete } = await check(cluster, { constants, continue: true })
      expect(complete).toBe(true)
      expect(states.distinct).toBe(distinct)
      const violated = properties.filter(({ result }) => result === 'violated')
      const lengths = violated.map(({ name, trace }) => [name, traces[trace!]!.steps.length - 1] as const)
      expect(Object.fromEntries(lengths.filter(([name]) => name !== 'ends'))).toEqual(found)
      expect(violated.some(({ name }) => name === 'ends')).toBe(hangs)
      expect(properties.filter(({ result }) => result === 'unreached')).toEqual([])
    },
  )
})

describe('cluster', () => {
  it('loses a state that its owner had received and not stored', async () => {
    const { property } = await check(cluster, {
      constants: { design: 'ack-before-insert' },
      properties: ['levelComplete'],
    })
    const steps = property('levelComplete').trace!.steps
    expect(steps.map(({ action }) => action).at(-1)).toBe('go')
    const { publishing } = steps.at(-1)!.state
    expect(publishing.some((vertices) => vertices.some((level) => level !== null))).toBe(true)
  })

  it('begins a level while a batch of the last one is in flight', async () => {
    const { property } = await check(cluster, { constants: { design: 'no-count' }, properties: ['levelComplete'] })
    const steps = property('levelComplete').trace!.steps
    expect(steps.map(({ action }) => action).at(-1)).toBe('go')
    const { network, node } = steps.at(-1)!.state
    expect(
      network.some((message) => message.type === 'batch' && node.get(message.to).found.get(message.vertex) === null),
    ).toBe(true)
  })
})

compareVariants('cluster.ts')
