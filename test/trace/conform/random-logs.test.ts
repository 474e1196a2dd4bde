/** Verdicts on random logs of random models agree with a plain simulation of sets of states. */
import fc from 'fast-check'
import { isList, isMap, isRecord, isSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import { conform, spec } from '../../../src/index.ts'
import { prepareContext } from '../../../src/engine/context.ts'
import { hasSparseSets } from '../../../src/engine/growth.ts'
import { isBag } from '../../../src/spec/bag.ts'
import { followLog } from '../../../src/trace/conform/conform.ts'
import { runs, SEED } from '../../support/amount.ts'
import {
  conformByHand,
  initialByHand,
  plain,
  stepsByHand,
  type EventByHand,
  type Plain,
} from '../../support/conform-by-hand.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

type Any = any
type Pick = (bound: number) => number

const MOST = 200

/** Random choices from a list of numbers. */
function picker(numbers: readonly number[]): Pick {
  let at = 0
  return (bound) => (numbers[at++ % numbers.length]! + 7 * Math.floor(at / numbers.length)) % bound
}

/** A part of a value, as a log may have seen it. */
function seen(value: Any, pick: Pick): Plain {
  const parts = (entries: readonly (readonly [Any, Plain])[]): Plain =>
    Object.fromEntries(entries.filter(([name]) => name === 'tag' || pick(2) === 0))
  if (isRecord(value)) return parts([...value.toSeq()].map(([name, it]) => [name, seen(it, pick)]))
  if (isMap(value)) return parts([...value].map(([name, it]) => [String(name), seen(it, pick)]))
  const isOfTexts = (elements: Iterable<Any>): boolean => [...elements].every((it) => typeof it === 'string')
  if (isSet(value) && isOfTexts(value) && pick(2) === 0) return parts([...value, 'a1'].map((it) => [it, value.has(it)]))
  if (isBag(value) && isOfTexts(value) && pick(2) === 0) return parts([...value].map((it) => [it, value.count(it)]))
  if (isList(value)) {
    const items = value.toArray().map((it: Any) => seen(it, pick))
    return pick(2) === 0
      ? items
      : parts([...items.map((it: Any, index: number) => [index, it]), ['size', value.size]] as Any)
  }
  return plain(value)
}

function observe(state: Any, pick: Pick): { [variable: string]: Plain } {
  const names: string[] = state.toSeq().keySeq().toArray()
  const chosen = names.filter(() => pick(3) === 0)
  return Object.fromEntries(
    (chosen.length === 0 ? [names[0]!] : chosen).map((name) => [name, seen(state.get(name), pick)]),
  )
}

/** A log of a random walk, which leaves out steps of the hidden actions, and sometimes the log of no walk. */
function logOf(model: Any, hidden: readonly string[], length: number, pick: Pick): EventByHand[] {
  const initial = initialByHand(model)
  let state = initial[pick(initial.length)]
  const log: EventByHand[] = []
  const states = [state]
  for (let count = 0; count < length; count++) {
    const steps = stepsByHand(model, state)
    if (steps.length === 0) break
    const { action, bindings, after } = steps[pick(steps.length)]!
    state = after
    states.push(state)
    if (hidden.includes(action) && pick(3) > 0) {
      if (pick(3) === 0) log.push({ observes: observe(state, pick) })
      continue
    }
    log.push({
      action,
      ...(pick(2) === 0 && { bindings }),
      ...(pick(2) === 0 && { observes: observe(state, pick) }),
    })
    if (pick(4) === 0) log.push({ observes: observe(state, pick) })
  }
  const at = Math.max(0, log.length - 1 - pick(Math.ceil((log.length + 1) / 2)))
  const names: string[] = model.actions.map(({ name }: Any) => name)
  switch (pick(4)) {
    case 0:
      log.splice(at, 1)
      break
    case 1:
      log.splice(at, 1, { action: names[pick(names.length)]! })
      break
    case 2:
      log.splice(at, 0, { observes: observe(states[pick(states.length)], pick) })
      break
    default:
  }
  return log
}

describe('conform', () => {
  it('agrees with a simulation by hand on random logs of random models', () => {
    const counts = { conforms: 0, deviates: 0, incomplete: 0, late: 0, several: 0 }
    const numbers = fc.array(fc.nat(10_000), { minLength: 40, maxLength: 80 })
    fc.assert(
      fc.property(plan, numbers, fc.nat(3), fc.nat(12), (given, chosen, maxHidden, length) => {
        const pick = picker(chosen)
        const own = { ...given, faults: false, order: false }
        const model = modelOf(own)
        const names = model.actions.map(({ name }) => name)
        const hidden = names.filter(() => pick(2) === 0)
        const log = logOf(model, hidden, length, pick)
        fc.pre(log.length > 0)
        const byHand = conformByHand(model, log, { hidden, maxHidden, most: MOST })
        fc.pre(byHand !== undefined)
        const { failing, isCut } = byHand
        const unbounded = conformByHand(model, log, { hidden, maxHidden: Infinity, most: MOST })
        const random = spec({ name: 'random', model: () => modelOf(own) })
        for (const interpret of [false, true]) {
          const { verdict, reason, events, deviation, mostStates } = conform(random, log, {
            hidden,
            maxHidden,
            interpret,
          })
          expect(events).toBe(failing < 0 ? log.length : failing)
          if (failing < 0) expect(verdict).toBe('conforms')
          else if (!isCut) expect(verdict).toBe('deviates')
          else if (verdict === 'deviates') expect(unbounded?.failing).not.toBe(-1)
          else expect([verdict, reason]).toEqual(['incomplete', 'hidden'])
          if (verdict === 'incomplete') counts.incomplete++
          expect(deviation?.number).toBe(failing < 0 ? undefined : failing + 1)
          if (mostStates > 1) counts.several++
        }
        // The memory of sets does not change anything, however small it is.
        const context = prepareContext(random, {})
        const settings = { hidden, maxHidden, maxStates: 10_000, mustHaveHidden: true, maxRemembered: maxHidden * 4 }
        const placed = log.map((event) => ({ event, place: undefined }))
        if (!hasSparseSets(model)) {
          expect(followLog(context, placed, settings, () => 'an event').events).toBe(failing < 0 ? log.length : failing)
        }
        if (failing < 0) counts.conforms++
        else counts.deviates++
        if (failing > 1) counts.late++
      }),
      { numRuns: runs(1000), ...(SEED !== undefined && { seed: SEED }) },
    )
    expect(counts.conforms).toBeGreaterThan(runs(300))
    expect(counts.deviates).toBeGreaterThan(runs(150))
    expect(counts.incomplete).toBeGreaterThan(runs(20))
    expect(counts.late).toBeGreaterThan(runs(20))
    expect(counts.several).toBeGreaterThan(runs(300))
  })
})
