/**
 * Adds the abstract behavior to a trace about a refinement: the mapped states, the abstract step that each step makes, and
 * at a violation what the abstract spec would have allowed.
 */
import type { CheckerError } from '../errors.ts'
import type { AbstractMachine } from '../semantics/refinement/abstract-machine.ts'
import { mappingOf, type Mapped } from '../semantics/refinement/refined-model.ts'
import type { PropertyDefinition, State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { changesBetween } from '../state/describe.ts'
import type { AbstractEntry, AbstractOption, ShownTrace } from './trace.ts'

/** Initial states of an abstract spec that a violation may show. */
const MAX_INITIAL = 3

/** The trace with its abstract behavior, if a refinement made the property. */
export function withAbstract<T extends ShownTrace>(property: PropertyDefinition | undefined, trace: T): T {
  const mapped = property && mappingOf(property)
  if (mapped === undefined || trace.steps.length === 0) return trace
  return purely(() => {
    const numbers = trace.steps.map(({ state }) => mapped.at(state as State))
    const entries = numbers.map((_, index) => entryAt(mapped, numbers, index))
    const last = entries.length - 1
    const isViolated = trace.kind === 'refinement' && entries[last]!.by === undefined
    const { machine } = mapped
    const options = !isViolated
      ? undefined
      : last === 0
        ? nearest(machine, numbers[0]!)
        : optionsAt(machine, numbers[last - 1]!)
    return { ...trace, abstract: { spec: machine.name, entries, ...(options && { options }) } }
  })
}

type Numbered = number | CheckerError

function entryAt({ machine }: Mapped, numbers: readonly Numbered[], index: number): AbstractEntry {
  const [from, to] = [numbers[index - 1], numbers[index]!]
  if (typeof to !== 'number') return { state: undefined, outside: to, by: undefined, changes: [] }
  const state = machine.state(to)
  const entry = { state, outside: undefined, by: undefined, changes: [] }
  if (index === 0) return machine.isInitial(to) ? { ...entry, by: { action: 'init', bindings: {} } } : entry
  if (typeof from !== 'number') return entry
  const changes = changesBetween(machine.layout, machine.state(from), state)
  if (from === to) return { ...entry, by: { action: 'stutter', bindings: {} } }
  const step = machine.stepsFrom(from).find((it) => it.to === to)
  if (step === undefined) return { ...entry, changes }
  const { definition, bindings } = step.instance
  return { ...entry, by: { action: definition.name, bindings }, changes }
}

/** The steps of the abstract spec from a state that change something. */
function optionsAt(machine: AbstractMachine, from: Numbered): AbstractOption[] {
  if (typeof from !== 'number') return []
  return machine
    .stepsFrom(from)
    .filter(({ to }) => to !== from)
    .map(({ instance: { definition, bindings }, to }) => ({
      action: definition.name,
      bindings,
      state: machine.state(to),
      changes: changesBetween(machine.layout, machine.state(from), machine.state(to)),
    }))
}

/** The initial states of the abstract spec that differ least from a state, with the differences. */
function nearest(machine: AbstractMachine, found: Numbered): AbstractOption[] {
  const options = [...machine.initial].map((number) => ({
    action: 'init',
    bindings: {},
    state: machine.state(number),
    changes:
      typeof found === 'number' ? changesBetween(machine.layout, machine.state(found), machine.state(number)) : [],
  }))
  return options.sort((a, b) => a.changes.length - b.changes.length).slice(0, MAX_INITIAL)
}
