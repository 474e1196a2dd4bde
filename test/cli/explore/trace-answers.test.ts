/** The answers of the explorer about a path as a trace, compared with the trace of a check. */
import { afterAll, describe, expect, it } from 'vitest'
import { check, replay, toMermaid, type AnySpec, type CheckOptions } from '../../../src/index.ts'
import { namesOfTrace } from '../../../src/api/walk/path.ts'
import { traceViewDocument, type TraceViewDocument } from '../../../src/report/json/trace-view.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import truncateDma from '../../../specs/truncate-dma.ts'
import counter from '../specs/counter.ts'
import { fifo } from '../../support/refined-fifo.ts'
import { ask, closeAll, openSpec } from './ask.ts'

afterAll(closeAll)

/** What a page asks to see the trace of a property, and what the check itself gives. */
async function found(
  spec: AnySpec,
  property: string,
  constants: { readonly [name: string]: string } = {},
): Promise<{ session: ReturnType<typeof openSpec>; body: object; expected: TraceViewDocument; trace: any }> {
  const result = await check(spec, { constants, properties: [property], continue: true } as CheckOptions)
  const trace = result.traces[0]!
  const session = openSpec(spec)
  const walk = session.walk(constants)
  const body = { constants, path: namesOfTrace(walk, trace), loop: trace.loop, property }
  return { session, body, trace, expected: traceViewDocument(trace, { spec: spec.name, constants: walk.constants }) }
}

/** What depends on the check alone. */
const bare = (document: TraceViewDocument): object => ({
  ...document,
  again: null,
  entries: document.entries.map((entry) => ({ ...entry, verdicts: [] })),
})

describe('a path as a trace', () => {
  it.each<[string, AnySpec, string, { readonly [name: string]: string }]>([
    ['an invariant', truncateDma, 'noFreeUnderDma', { design: 'none' }],
    ['a lasso', truncateDma, 'truncateEnds', { design: 'wait-allocated' }],
    ['a transition property', counter, 'upwards', { fault: 'transition' }],
    ['a refinement', fifo, 'queue', { bug: 'lifo' }],
    ['a refinement at the beginning', fifo, 'queue', { bug: 'begin' }],
    ['a goal', counter, 'full', {}],
    ['a deadlock', counter, 'deadlock', { fault: 'deadlock' }],
  ])('is the trace of the check: %s', async (_, spec, property, constants) => {
    const { session, body, expected } = await found(spec, property, constants)
    const document = await ask(session, 'lanes', body)
    expect(bare(document)).toEqual(bare(expected))
    expect(document.ending).not.toBeNull()
    expect(document.again).toContain(`--property ${property}`)
  })

  it('judges a cycle by all temporal properties', async () => {
    const { session, body } = await found(truncateDma, 'truncateEnds', { design: 'wait-allocated' })
    const closed = await ask(session, 'lanes', { ...body, property: undefined })
    const { properties } = session.walk({ design: 'wait-allocated' })
    const temporal = properties.flatMap(({ name, kind }) => (kind === 'temporal' ? [name] : []))
    const violated: string[] = []
    for (const property of temporal) {
      const { ending } = await ask(session, 'lanes', { ...body, property })
      if (ending !== null) violated.push(property)
    }
    // The first one in the order of the spec.
    expect(closed.property).toBe(violated[0])
    expect(violated).toContain('truncateEnds')
  })

  it('says which fairness a cycle does not meet', async () => {
    const session = openSpec(philosophers)
    const constants = { fair: 'weak', philosophers: '2' }
    const { steps } = await ask(session, 'position', { constants })
    // To think forever is fair, but to stop at anything else is not.
    const path = ['init', steps.enabled[0]!.name, 'stutter']
    const idle = await ask(session, 'lanes', { constants, path, loop: 1 })
    expect(idle.ending).toBeNull()
    expect(idle.judgement).toEqual([expect.stringMatching(/^The cycle is not fair.*\(weak\)\.$/)])
    const thinking = await ask(session, 'lanes', { constants, path: ['init', 'stutter'], loop: 0 })
    expect(thinking.judgement).toEqual(['The cycle is fair, and violates no temporal property.'])
  })

  it('has no ending if it does not decide the property, or the lasso does not close', async () => {
    const { session, body } = await found(truncateDma, 'truncateEnds', { design: 'wait-allocated' })
    const { loop, path } = body as { loop: number; path: string[] }
    const short = await ask(session, 'lanes', { ...body, path: path.slice(0, -1) })
    expect([short.ending, short.loop, short.property]).toEqual([null, null, ''])
    const other = await ask(session, 'lanes', { ...body, property: 'noFreeUnderDma' })
    expect([other.ending, other.loop, other.headline]).toEqual([
      null,
      loop,
      'a path of 6 steps: 4 steps, then 2 steps again and again',
    ])
    expect(other.entries.at(-1)!.lasso.map(({ says }) => says)).toEqual(['end'])
  })

  it('without a property has the verdicts of its states and steps', async () => {
    const { session, body } = await found(counter, 'upwards', { fault: 'transition' })
    const { ending, entries } = await ask(session, 'lanes', { ...body, property: undefined })
    expect(ending).toBeNull()
    expect(entries.map(({ verdicts }) => verdicts.map(({ property }) => property))).toEqual([
      [],
      [],
      [],
      ['full'],
      ['upwards'],
    ])
    const named = await ask(session, 'lanes', body)
    expect(named.entries.at(-1)!.verdicts).toEqual([])
  })

  it('refuses an initial state that the spec does not have', async () => {
    const session = openSpec(counter)
    await expect(ask(session, 'lanes', { path: ['begin'] })).rejects.toMatchObject({ code: 'KR101' })
  })
})

describe('a saved trace', () => {
  it.each<[string, AnySpec, string, { readonly [name: string]: string }]>([
    ['an invariant', truncateDma, 'noFreeUnderDma', { design: 'none' }],
    ['a lasso', truncateDma, 'truncateEnds', { design: 'wait-allocated' }],
  ])('in ITF can be replayed: %s', async (_, spec, property, constants) => {
    const { session, body, trace } = await found(spec, property, constants)
    const { name, type, text } = await ask(session, 'save', { ...body, format: 'itf' })
    expect([name, type]).toEqual([`truncate-dma.${property}.itf.json`, 'application/json'])
    const again = await replay(spec, text)
    expect(again.divergence).toBeUndefined()
    expect(again.trace.bindings).toEqual(trace.bindings)
  })

  it('in Mermaid is the diagram of the check', async () => {
    const { session, body, trace } = await found(truncateDma, 'noFreeUnderDma', { design: 'none' })
    const { text } = await ask(session, 'save', { ...body, format: 'mermaid' })
    expect(text).toBe(toMermaid(trace, { spec: 'truncate-dma', constants: {} }))
  })

  it('of a path names no property, and its diagram has no verdict', async () => {
    const { session, body } = await found(truncateDma, 'noFreeUnderDma', { design: 'none' })
    const itf = await ask(session, 'save', { ...body, property: '', format: 'itf' })
    expect([itf.name, JSON.parse(itf.text)['#meta'].property]).toEqual(['truncate-dma.path.itf.json', undefined])
    const { text } = await ask(session, 'save', { ...body, property: '', format: 'mermaid' })
    expect(text).not.toContain('✗')
  })

  it('has one of the known formats', async () => {
    const session = openSpec(counter)
    await expect(ask(session, 'save', { format: 'pdf' })).rejects.toMatchObject({ code: 'KR101' })
  })
})
