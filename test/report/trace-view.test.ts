/** The document of a trace, from which pages draw it. */
import { describe, expect, it } from 'vitest'
import { check, type AnySpec, type CheckOptions } from '../../src/index.ts'
import type { FailedRun } from '../../src/api/failed-run.ts'
import { traceViewDocument, type TraceViewDocument } from '../../src/report/json/trace-view.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import diningPhilosophers from '../../specs/classic/dining-philosophers.ts'
import counter from '../cli/specs/counter.ts'
import { fifo } from '../support/refined-fifo.ts'

async function documentOf(spec: AnySpec, options?: CheckOptions): Promise<TraceViewDocument> {
  const { spec: name, constants, traces } = await check(spec, options)
  return traceViewDocument(traces[0]!, { spec: name, constants, again: 'npx kripke check x.ts' })
}

/** The value of a variable after a step, as text. */
function valueOf({ entries, values, variables }: TraceViewDocument, index: number, variable: string): string {
  return JSON.stringify(values[entries[index]!.state[variables.indexOf(variable)]!])
}

describe('the document of a trace', () => {
  it('has each step in the lane of who takes it, with what it changed', async () => {
    const { lanes, idle, entries, counters, headline } = await documentOf(truncateDma)
    expect(headline).toBe('invariant noFreeUnderDma(user1, block1) is violated in 5 steps')
    expect(lanes).toEqual([
      { name: 'truncate(file1)', start: 'idle' },
      { name: 'user1', start: 'idle' },
      { name: 'file1', start: null },
    ])
    expect(idle).toEqual(['truncate(file2) at idle', 'user2 at idle'])
    expect(entries.map(({ number, lane, label, bindings }) => [number, lane, label, bindings])).toEqual([
      [0, null, '', ''],
      [1, 2, 'alloc', 'block1'],
      [2, 1, 'gupStart', 'block1, target=none, want=1'],
      [3, 0, 'truncLock', ''],
      [4, 0, 'truncCheck', ''],
      [5, 0, 'truncFree', ''],
    ])
    expect(entries[5]!.moves).toEqual([{ lane: 0, from: 'freeing', to: 'idle' }])
    expect(counters).toEqual(['truncate', 'user'])
    expect(entries[1]!.changes).toEqual([
      { path: 'owner[block1]', from: 'free', to: 'file1', isCause: false, lane: null },
    ])
  })

  it('marks what made the property false, and says since which step', async () => {
    const { entries, ending } = await documentOf(truncateDma)
    const causes = entries.flatMap(({ number, changes }) =>
      changes.filter(({ isCause }) => isCause).map(({ path, from, to }) => [number, path, from, to]),
    )
    expect(causes).toEqual([
      [2, 'gup[user1].pages', null, '+block1'],
      [5, 'owner[block1]', 'file1', 'free'],
    ])
    expect(ending).toMatchObject({ text: '✗ noFreeUnderDma(user1, block1) is violated', isGood: false })
    expect(ending!.reasons.flatMap(({ read }) => read)).toEqual([
      { text: 'user[user1] = dma', since: 2 },
      { text: 'gup[user1].pages ∋ block1', since: 2 },
      { text: 'owner[block1] = free', since: 5 },
    ])
  })

  it('has the lane to which a place belongs', async () => {
    const { entries } = await documentOf(truncateDma)
    expect(entries[2]!.changes.map(({ path, lane }) => [path, lane])).toContainEqual(['gup[user1].pages', 1])
  })

  it('has the whole state of each entry, and each value once', async () => {
    const document = await documentOf(dieHard)
    expect(document.variables).toEqual(['small', 'big'])
    expect(document.entries.map((_, index) => valueOf(document, index, 'big').match(/"text":"(\d)"/)![1])).toEqual([
      '0',
      '5',
      '2',
      '2',
      '0',
      '5',
      '4',
    ])
    expect(document.values).toHaveLength(new Set(document.values.map((it) => JSON.stringify(it))).size)
  })

  it('says that a goal is good', async () => {
    const { spec, constants, traces } = await check(counter, { constants: { fault: 'none' } })
    const goal = traces.find(({ kind }) => kind === 'goal')!
    expect(traceViewDocument(goal, { spec, constants }).ending).toMatchObject({ isGood: true })
  })

  it('marks the cycle of a lasso, and at which step each fairness constraint is met', async () => {
    const { loop, entries, endsInRest, ending } = await documentOf(truncateDma, {
      properties: ['truncateEnds'],
      constants: { design: 'wait-allocated' },
    })
    expect([loop, endsInRest]).toEqual([4, false])
    expect(entries.map(({ lasso }) => lasso.map(({ says }) => says))).toEqual([
      [],
      [],
      [],
      [],
      ['begin', 'fair', 'fair'],
      ['fair'],
      ['end'],
    ])
    expect(entries[5]!.lasso[0]!.text).toBe('⚑ fair: user(user1) taken')
    expect(ending!.text).toContain('by this behavior')
  })

  it('has no step number where a lasso rests', async () => {
    const { entries, endsInRest } = await documentOf(diningPhilosophers, {
      constants: { philosophers: 2, fair: 'weak' },
      continue: true,
      properties: ['everyoneEats'],
    })
    expect(endsInRest).toBe(true)
    expect(entries.at(-1)).toMatchObject({ number: null, lane: null, changes: [] })
  })

  it('ends in the step that violates a transition property, with what that read', async () => {
    const { ending, entries } = await documentOf(counter, { constants: { fault: 'transition' } })
    expect(ending).toMatchObject({ text: '✗ upwards is violated', isGood: false })
    expect(ending!.reasons[0]!.read.map(({ text, since }) => [text, since])).toEqual([
      ["n' = 0", 4],
      ['n = 3', 3],
    ])
    expect(entries.at(-1)!.changes).toMatchObject([{ path: 'n', from: '3', to: '0', isCause: true }])
  })

  it('ends in a deadlock without reasons', async () => {
    const { ending } = await documentOf(counter, { constants: { fault: 'deadlock' }, properties: ['deadlock'] })
    expect(ending).toEqual({ text: '✗ deadlock: no action is enabled', isGood: false, reasons: [] })
  })

  it('ends where a function fails', async () => {
    const failed = await check(counter, { constants: { fault: 'throw' } }).catch((thrown: unknown) => thrown)
    const { trace } = failed as FailedRun
    const { ending, entries } = traceViewDocument(trace, { spec: 'counter', constants: {} })
    expect(ending!.text).toBe('✗ up fails here')
    expect(entries).toHaveLength(3)
  })

  it('has what the abstract spec of a refinement does, and what it would allow', async () => {
    const { entries, options } = await documentOf(fifo, { constants: { bug: 'lifo' } })
    expect(entries[0]!.beside).toEqual([expect.stringContaining('initial state')])
    expect(entries.at(-1)!.beside).toEqual([expect.stringContaining('no step')])
    expect(options.length).toBeGreaterThan(1)
  })
})
