import { describe, expect, it } from 'vitest'
import { allows, mapAll, pageTables, Pte, unmapRange, writeProtected } from '../../../specs/kernel/page-table.ts'
import {
  action,
  check,
  constant,
  forAll,
  implies,
  members,
  model,
  oneOf,
  schema,
  setOf,
  spec,
} from '../../../src/index.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

/**
 * Processes store to pages. Pages are cleaned from time to time, and removed one by one. A design may forget a part of
 * that.
 */
const mapping = spec({
  name: 'mapping',
  constants: { forgets: constant(oneOf('nothing', 'write-protect', 'unmap'), 'nothing', 'what is left out') },
  model: ({ forgets }) => {
    const Process = members('process', 2, { symmetric: true })
    const Page = members('page', 2, { symmetric: true })
    const State = schema({
      pte: pageTables(Process, Page, Pte),
      /** Pages that were faulted in for writing and not cleaned since. */
      dirty: setOf(Page),
      gone: setOf(Page),
    })
    type State = ReturnType<typeof State>
    type Page = (typeof Page)[number]

    const clean = (s: State, page: Page) =>
      s.merge({
        pte: forgets === 'write-protect' ? s.pte : s.pte.map((row) => row.update(page, writeProtected)),
        dirty: s.dirty.delete(page),
      })
    const take = (s: State, page: Page) =>
      s.merge({
        pte: forgets === 'unmap' ? s.pte : unmapRange(s.pte, (one) => one === page),
        dirty: s.dirty.delete(page),
        gone: s.gone.add(page),
      })

    return model(State, {
      init: [State(), State().update('pte', (pte) => mapAll(pte, 'read'))],
      actions: {
        fault: action(
          { process: Process, page: Page, access: oneOf('read', 'write') },
          (s, { process, page, access }) => {
            if (s.gone.has(page) || allows(s.pte.get(process).get(page), access)) return
            const mapped = s.setIn(['pte', process, page], access)
            return access === 'write' ? mapped.set('dirty', s.dirty.add(page)) : mapped
          },
        ),
        clean: action({ page: Page }, (s, { page }) => s.dirty.has(page) && clean(s, page)),
        take: action({ page: Page }, (s, { page }) => !s.gone.has(page) && take(s, page)),
      },
      invariants: {
        writableIsDirty: forAll(
          { process: Process, page: Page },
          implies(
            (s, { process, page }) => allows(s.pte.get(process).get(page), 'write') && !s.gone.has(page),
            (s, { page }) => s.dirty.has(page),
          ),
        ),
        goneIsUnmapped: forAll(
          { process: Process, page: Page },
          implies(
            (s, { page }) => s.gone.has(page),
            (s, { process, page }) => !allows(s.pte.get(process).get(page), 'read'),
          ),
        ),
      },
      deadlock: { unless: (s) => Page.every((page) => s.gone.has(page)) },
    })
  },
})

describe('page tables', () => {
  it('let nobody store to a clean page, or use a removed one', async () => {
    const { verdict, states, warnings } = await check(mapping, { symmetry: false })
    // A page is clean, with none or read in each of two tables (4), or dirty, with write in one or both (5), or
    // removed.
    expect([verdict, states.distinct, warnings]).toEqual(['holds', 10 ** 2, []])
  })

  it.each([
    ['write-protect', 'writableIsDirty'],
    ['unmap', 'goneIsUnmapped'],
  ])('fail to do so without %s', async (forgets, property) => {
    const { properties } = await check(mapping as AnySpec, { constants: { forgets }, continue: true })
    expect(properties.filter(({ result }) => result === 'violated').map(({ name }) => name)).toEqual([property])
  })
})
