/**
 * The automaton that accepts the behaviors for which a formula is true.
 *
 * A state of the automaton is a set of formulas that must be true from here on. A transition reads a letter: a state of
 * the model and the step that leaves it. It settles the formulas that it can, and passes the others on. An `until` that
 * is passed on postpones its acceptance set. A run is accepted if it postpones no acceptance set forever: for each set,
 * infinitely many transitions do not postpone it. The construction is Couvreur's ("On-the-fly verification of linear
 * temporal logic", FM 1999). Acceptance by transitions keeps automata small: the automaton of a false `leadsTo` has two
 * states.
 */
import { badDefinition } from '../../errors.ts'
import type { NormalForm } from './normal-form.ts'

/** A transition. Bits are those of the alphabet, in words of 32. */
export interface Transition {
  /** Bits of the state that must be set, and bits that must be clear. */
  readonly stateSet: Int32Array
  readonly stateClear: Int32Array
  /** Bits of the step that must be set, and bits that must be clear. */
  readonly stepSet: Int32Array
  readonly stepClear: Int32Array
  /** Whether the transition has conditions on the state, and on the step. */
  readonly asksState: boolean
  readonly asksStep: boolean
  readonly target: number
  /** The acceptance sets that this transition does not postpone. */
  readonly keeps: number
}

export interface Automaton {
  /** By state. The run begins in state 0. */
  readonly transitions: readonly (readonly Transition[])[]
  /** All acceptance sets: one low bit for each. */
  readonly acceptanceSets: number
}

/** The conditions of a letter, and the formulas that are passed on. */
interface Cover {
  readonly literals: readonly Extract<NormalForm, { op: 'state' | 'step' }>[]
  readonly owed: readonly NormalForm[]
  readonly postponed: number
}

const MAX_STATES = 1000
const MAX_COVERS = 4096
const MAX_ACCEPTANCE_SETS = 30

/**
 * The automaton of a formula. Yields when `pause` returns true.
 *
 * @param words - of the alphabet
 * @throws {CheckerError} KR206 if it would be too large
 */
export function* automatonOf(
  formula: NormalForm,
  words: number,
  who: string,
  pause: () => boolean,
): Generator<void, Automaton> {
  const acceptanceSetOf = new Map<NormalForm, number>()
  const states = new Map<string, number>()
  const sets: (readonly NormalForm[])[] = []
  const numberOf = (set: readonly NormalForm[]): number => {
    const key = set.map(({ id }) => id).join()
    const known = states.get(key)
    if (known !== undefined) return known
    if (sets.length === MAX_STATES) throw tooLarge(who)
    states.set(key, sets.length)
    return sets.push(set) - 1
  }
  numberOf([formula])
  const rows: { covers: readonly Cover[]; targets: readonly number[] }[] = []
  for (let state = 0; state < sets.length; state++) {
    if (pause()) yield
    const covers = coversOf(sets[state]!, acceptanceSetOf, who)
    rows.push({ covers, targets: covers.map(({ owed }) => numberOf(owed)) })
  }
  const acceptanceSets = 2 ** acceptanceSetOf.size - 1
  const transitions = rows.map(({ covers, targets }) =>
    covers.map((cover, index) => transition(cover, targets[index]!, acceptanceSets, words)),
  )
  return { transitions: merged(transitions), acceptanceSets: acceptanceSets }
}

function transition({ literals, postponed }: Cover, target: number, acceptanceSets: number, words: number): Transition {
  const bits = (op: 'state' | 'step', isTrue: boolean): Int32Array => {
    const mask = new Int32Array(words)
    for (const one of literals) if (one.op === op && one.isTrue === isTrue) mask[one.bit >>> 5]! |= 1 << (one.bit & 31)
    return mask
  }
  return {
    stateSet: bits('state', true),
    stateClear: bits('state', false),
    stepSet: bits('step', true),
    stepClear: bits('step', false),
    asksState: literals.some(({ op }) => op === 'state'),
    asksStep: literals.some(({ op }) => op === 'step'),
    target,
    keeps: acceptanceSets & ~postponed,
  }
}

/** The ways in which a letter can settle a set of formulas, without redundant ones. */
function coversOf(set: readonly NormalForm[], promiseOf: Map<NormalForm, number>, who: string): Cover[] {
  const found: Cover[] = []
  const settle = (
    todo: readonly NormalForm[],
    literals: Set<NormalForm>,
    owed: Set<NormalForm>,
    postponed: number,
  ): void => {
    if (found.length > MAX_COVERS) throw tooLarge(who)
    const [formula, ...rest] = todo
    if (formula === undefined) {
      found.push({
        literals: [...literals].sort(byId) as unknown as Cover['literals'],
        owed: [...owed].sort(byId),
        postponed,
      })
      return
    }
    switch (formula.op) {
      case 'true':
        return settle(rest, literals, owed, postponed)
      case 'false':
        return
      case 'state':
      case 'step': {
        const contradicts = (other: NormalForm): boolean =>
          other.op === formula.op && other.bit === formula.bit && other.isTrue !== formula.isTrue
        if ([...literals].some(contradicts)) return
        return settle(rest, new Set(literals).add(formula), owed, postponed)
      }
      case 'and':
        return settle([...formula.of, ...rest], literals, owed, postponed)
      case 'or':
        return formula.of.forEach((one) => settle([one, ...rest], literals, owed, postponed))
      case 'until': {
        const acceptanceSet = promiseOf.get(formula) ?? promiseOf.size
        if (acceptanceSet === MAX_ACCEPTANCE_SETS) throw tooLarge(who)
        promiseOf.set(formula, acceptanceSet)
        settle([formula.right, ...rest], literals, owed, postponed)
        return settle([formula.left, ...rest], literals, new Set(owed).add(formula), postponed | (1 << acceptanceSet))
      }
      case 'release':
        settle([formula.left, formula.right, ...rest], literals, owed, postponed)
        return settle([formula.right, ...rest], literals, new Set(owed).add(formula), postponed)
    }
  }
  settle(set, new Set(), new Set(), 0)
  return found.filter(
    (cover, index) =>
      !found.some((other, at) => at !== index && covers(other, cover) && !(covers(cover, other) && index < at)),
  )
}

/**
 * Whether `wide` makes `narrow` redundant: it allows at least the same letters, and passes on and postpones no more.
 */
function covers(wide: Cover, narrow: Cover): boolean {
  return (
    (wide.postponed & ~narrow.postponed) === 0 &&
    wide.literals.every((one) => narrow.literals.includes(one)) &&
    wide.owed.every((one) => narrow.owed.includes(one))
  )
}

function byId(a: NormalForm, b: NormalForm): number {
  return a.id - b.id
}

/** Merges states with the same transitions until there are none. State 0 stays first. */
function merged(transitions: readonly (readonly Transition[])[]): readonly (readonly Transition[])[] {
  const byText = new Map<string, number>()
  const targetOf = transitions.map((row, state) => {
    const text = [...new Set(row.map((one) => JSON.stringify(Object.values(one).map(plain))))].sort().join()
    const first = byText.get(text) ?? state
    byText.set(text, first)
    return first
  })
  const kept = targetOf.flatMap((target, state) => (target === state ? [state] : []))
  if (kept.length === transitions.length) return transitions
  const numbers = new Map(kept.map((state, index) => [state, index]))
  return merged(
    kept.map((state) => {
      const row = transitions[state]!.map((one) => ({ ...one, target: numbers.get(targetOf[one.target]!)! }))
      const texts = row.map((one) => JSON.stringify(Object.values(one).map(plain)))
      return row.filter((_, index) => texts.indexOf(texts[index]!) === index)
    }),
  )
}

function plain(value: unknown): unknown {
  return value instanceof Int32Array ? [...value] : value
}

function tooLarge(who: string): Error {
  return badDefinition(
    who,
    'must be a smaller formula, but is too large to decide',
    'make its parts separate properties; Kripke already checks each instance of an outer forAll separately',
  )
}
