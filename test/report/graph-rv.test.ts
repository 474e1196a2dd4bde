/** Automata for runtime verification are read by the rules of the kernel's tools, and compared with their models. */
import fc from 'fast-check'
import { Map as ValueMap } from 'immutable'
import { describe, expect, it } from 'vitest'
import { graph, mapOf, members, model, oneOf, range, schema, setOf, spec } from '../../src/index.ts'
import { callText } from '../../src/spec/bindings.ts'
import { graphRv } from '../../src/report/graph-rv.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import { runs, SEED } from '../support/amount.ts'
import { bruteForce, text } from '../support/brute-force.ts'
import { initialByHand, stepsByHand } from '../support/conform-by-hand.ts'
import { modelOf, plan } from '../support/random-spec.ts'
import { readByDot2, readByRvgen, type Automaton } from '../support/rv-automaton.ts'

const IDENTIFIER = /^[A-Za-z_]\w*$/

/** The automaton, which all tools read alike. */
function read(dot: string): Automaton {
  const automaton = readByRvgen(dot)
  expect(readByDot2(dot)).toEqual(automaton)
  const names = [...automaton.states, ...automaton.events]
  for (const name of names) expect(name).toMatch(IDENTIFIER)
  // Enumerators of states and events share a name space.
  expect(new Set(names).size).toBe(names.length)
  expect(automaton.final).toEqual([automaton.initial])
  return automaton
}

const SMALL = { files: 1, blocks: 1, users: 1 } as const

describe('an automaton for runtime verification', () => {
  it('is written as the tools of the kernel read it', () => {
    const dot = graphRv(graph(truncateDma, { constants: { ...SMALL, design: 'none' }, project: ['truncate'] }))
    expect(dot).toBe(
      [
        'digraph state_automaton {',
        '\tcenter = true;',
        '\tsize = "7,11";',
        '\t{node [shape = plaintext, style=invis, label=""] "__init_idle"};',
        '\t{node [shape = doublecircle] "idle"};',
        '\t{node [shape = circle] "idle"};',
        '\t{node [shape = circle] "locked"};',
        '\t{node [shape = circle] "freeing"};',
        '\t"__init_idle" -> "idle";',
        '\t"idle" [label = "idle"];',
        '\t"idle" -> "locked" [ label = "truncLock" ];',
        '\t"idle" -> "idle" [ label = "alloc\\ngupStart" ];',
        '\t"locked" [label = "locked"];',
        '\t"locked" -> "freeing" [ label = "truncCheck" ];',
        '\t"freeing" [label = "freeing"];',
        '\t"freeing" -> "idle" [ label = "truncFree" ];',
        '\t{ rank = min ;',
        '\t\t"__init_idle";',
        '\t\t"idle";',
        '\t}',
        '}',
        '',
      ].join('\n'),
    )
    // A step that every state allows, and that never changes what is projected, is left out: dmaDone.
    expect(read(dot).events).toEqual(['alloc', 'gupStart', 'truncCheck', 'truncFree', 'truncLock'])
  })

  it('has the states and steps of the model', () => {
    const { states, events, next } = read(graphRv(graph(dieHard)))
    expect([states.length, states[0]]).toEqual([16, 'small_0_big_0'])
    expect(events).toEqual(['bigToSmall', 'emptyBig', 'emptySmall', 'fillBig', 'fillSmall', 'smallToBig'])
    for (const state of states) {
      const [small, big] = state.match(/\d/g)!.map(Number) as [number, number]
      const poured = Math.min(small, 5 - big)
      expect(next.get(state)!.get('smallToBig')).toBe(`small_${small - poured}_big_${big + poured}`)
      expect(next.get(state)!.get('emptyBig')).toBe(`small_${small}_big_0`)
    }
  })

  it('is refused if the projection is not deterministic, with the state, the event and the targets', () => {
    const constants = { ...SMALL, design: 'wait-allocated' } as const
    expect(() => graphRv(graph(truncateDma, { constants, project: ['truncate'] }))).toThrow(
      expect.objectContaining({
        code: 'KR110',
        message: expect.stringMatching(/in state locked, truncCheck\(file1\) leads to freeing and to waiting/),
        hint: expect.stringMatching(/--project/),
      }),
    )
    // A step that stays is a target too.
    expect(() => graphRv(graph(dieHard, { project: ['big'] }))).toThrow(/not deterministic: in state big_0, smallToBig/)
  })

  it('is refused with several initial states, or with states outside the constraints', () => {
    const State = schema({ n: range(0, 3) })
    const up = (s: ReturnType<typeof State>) => (s.n < 3 ? s.set('n', s.n + 1) : undefined)
    const several = spec({
      name: 'several',
      model: () => model(State, { init: [State(), State({ n: 2 })], actions: { up } }),
    })
    expect(() => graphRv(graph(several))).toThrow(/KR110|2 initial states, n_0 and n_2/)
    const cut = spec({
      name: 'cut',
      model: () => model(State, { init: State(), actions: { up }, constraints: { low: (s) => s.n < 2 } }),
    })
    expect(() => graphRv(graph(cut))).toThrow(/constraints of the spec leave out states/)
  })

  it('has names that C and the parsers accept', () => {
    const Odd = members('odd', 2)
    const State = schema({
      mode: oneOf('default', 'ellipse', 'a-b', 'a b', '3', 'INVALID_STATE'),
      held: setOf(Odd),
      left: mapOf(Odd, range(-1, 0)),
    })
    const odd = spec({
      name: 'odd',
      model: () =>
        model(State, {
          init: State({ left: ValueMap({ odd1: 0, odd2: 0 }) as never }),
          actions: {
            'go-on': (s) => {
              const modes = ['default', 'ellipse', 'a-b', 'a b', '3', 'INVALID_STATE'] as const
              return s.set('mode', modes[(modes.indexOf(s.mode) + 1) % modes.length]!)
            },
            'go on': (s) => (s.held.isEmpty() ? s.set('held', s.held.add('odd1')) : undefined),
            default: (s) => (s.left.get('odd1') === 0 ? s.setIn(['left', 'odd1'], -1) : undefined),
          },
        }),
    })
    const modes = read(graphRv(graph(odd, { project: ['mode'] })))
    expect(modes.states).toHaveLength(6)
    expect(modes.initial).toBe('mode_default')
    const { states, events, initial } = read(graphRv(graph(odd)))
    expect([states.length, initial]).toEqual([24, 'mode_default_held_empty_left_odd1_0'])
    expect(states).toContain('mode_a_b_held_odd1_left_odd1_minus1')
    expect(events).toEqual(['default_2', 'go_on', 'go_on_2'])
  })

  it('has the behavior of random models, or is refused with a reason', () => {
    const counts = { written: 0, refused: 0 }
    fc.assert(
      fc.property(plan, (given) => {
        const own = { ...given, faults: false, order: false }
        const it = modelOf(own)
        fc.pre((bruteForce(it, 30)?.distinct ?? 31) <= 30)
        const random = spec({ name: 'random', model: () => modelOf(own) })
        let dot: string
        try {
          dot = graphRv(graph(random))
        } catch (thrown) {
          expect((thrown as Error).message).toMatch(/not deterministic|initial states/)
          counts.refused++
          const isSeveral = new Set(initialByHand(it).map(text)).size > 1
          expect(isSeveral || !isDeterministic(it)).toBe(true)
          return
        }
        counts.written++
        expect(isDeterministic(it)).toBe(true)
        compare(it, read(dot))
      }),
      { numRuns: runs(400), ...(SEED !== undefined && { seed: SEED }) },
    )
    expect(counts.written).toBeGreaterThan(runs(40))
    expect(counts.refused).toBeGreaterThan(runs(20))
  })
})

/** The successors of every state by text, and by call. */
function successors(model: Parameters<typeof bruteForce>[0]): Map<string, Map<string, Set<string>>> {
  const found = new Map<string, Map<string, Set<string>>>()
  const queue = initialByHand(model)
  for (const state of queue) {
    if (found.has(text(state))) continue
    const own = new Map<string, Set<string>>()
    found.set(text(state), own)
    for (const { action, bindings, after } of stepsByHand(model, state)) {
      const call = callText(action, bindings)
      own.set(call, (own.get(call) ?? new Set()).add(text(after)))
      queue.push(after)
    }
  }
  return found
}

function isDeterministic(model: Parameters<typeof bruteForce>[0]): boolean {
  return [...successors(model).values()].every((own) => [...own.values()].every((targets) => targets.size === 1))
}

/** Walks through model and automaton together. */
function compare(model: Parameters<typeof bruteForce>[0], automaton: Automaton): void {
  const all = successors(model)
  expect(automaton.states).toHaveLength(all.size)
  const stateOf = new Map([[text(initialByHand(model)[0]), automaton.initial]])
  const calls = new Set([...all.values()].flatMap((own) => [...own.keys()]))
  const idle = [...calls].filter((call) => [...all].every(([state, own]) => own.get(call)?.has(state) === true))
  const shown = idle.length === calls.size ? [] : idle
  for (const [state, name] of stateOf) {
    const own = all.get(state)!
    const expected = [...own.keys()].filter((call) => !shown.includes(call))
    const next = automaton.next.get(name)!
    expect(next.size).toBe(expected.length)
    for (const call of expected) {
      const events = [...automaton.events].filter((event) => event === eventOf(call) || event === call.split('(')[0])
      expect(events).toHaveLength(1)
      const [target] = own.get(call)!
      const to = next.get(events[0]!)!
      expect(stateOf.get(target!) ?? to).toBe(to)
      stateOf.set(target!, to)
    }
  }
  expect(stateOf.size).toBe(all.size)
  expect(new Set(stateOf.values()).size).toBe(all.size)
}

/** The name of an event: `act0(a=a1)` is `act0_a1`. */
function eventOf(call: string): string {
  return call.replaceAll(/\W+/g, '_').replace(/_$/, '')
}
