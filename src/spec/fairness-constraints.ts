/** The fairness constraints of a model: those of actions, steps and threads, and those of `fairness`. */
import { badDefinition, unknownPart } from '../errors.ts'
import { bindAll, type Bindings } from './bindings.ts'
import type { LooseDefinition } from './definition.ts'
import type { Fields } from './domain.ts'
import { takesBindingsAlone } from './for-all.ts'
import type { Fair, FairLike } from './fairness.ts'
import type { ActionDefinition, FairnessDefinition } from './model.ts'
import type { Schema } from './schema.ts'
import { inWords } from './show.ts'
import { steps, type Steps } from './steps.ts'
import { proceduresOf, threadsOf } from './thread-actions.ts'

/** All constraints, in the order of actions, threads, and `fairness`. */
export function fairnessOf(
  schema: Schema,
  actions: readonly ActionDefinition[],
  { threads = {}, fairness = {} }: LooseDefinition,
): FairnessDefinition[] {
  const ownOf = ({ name, parameters, thread, fair }: ActionDefinition): FairnessDefinition[] => {
    if (fair === undefined) return []
    // A thread's step has a constraint for each instance, an action for each binding.
    const own: Fields = thread === undefined ? parameters : pick(parameters, thread.instance)
    return forBindings(own, (bindings) => ({ name, fairness: fair, steps: [steps(name, bindings)], when: undefined }))
  }
  const ofThreads = threadsOf(schema).flatMap(([name, { instance }]) => {
    const { fair, unfair: except = [] } = threads[name]!
    if (fair === undefined) return []
    return forBindings(instance, (bindings) => ({
      name,
      fairness: fair,
      steps: [steps(name, bindings, { except })],
      when: undefined,
    }))
  })
  const further = Object.entries(fairness).flatMap(([name, given]) =>
    given === undefined ? [] : unfold(name, given, {}),
  )
  return [...actions.flatMap(ownOf), ...ofThreads, ...further]
}

function pick(parameters: Fields, name: string | undefined): Fields {
  return name === undefined ? {} : { [name]: parameters[name]! }
}

function forBindings(
  parameters: Fields,
  constraint: (bindings: Bindings) => Omit<FairnessDefinition, 'bindings'>,
): FairnessDefinition[] {
  return bindAll(parameters).map((bindings) => ({ ...constraint(bindings), bindings }))
}

function unfold(name: string, given: FairLike, bindings: Bindings): FairnessDefinition[] {
  if ((given as Partial<Fair> | null)?.kind === 'fairness') {
    const { fairness, steps: about, when } = given as Fair
    return [{ name, bindings, fairness, steps: about, when }]
  }
  if (!takesBindingsAlone(given)) {
    throw badDefinition(
      `"${name}" in fairness`,
      `must be a fairness constraint, but is ${inWords(given)}`,
      "write weak('tick'), or forAll({ file: File }, ({ file }) => weak(steps('truncate', { file })))",
    )
  }
  const { parameters, body } = given
  return bindAll(parameters).flatMap((own) => unfold(name, body(own as never), { ...bindings, ...own }))
}

/** Rejects sets of steps that cannot exist. @throws {CheckerError} KR206 or KR210 */
export function validateSteps(
  { name, bindings, except }: Steps,
  schema: Schema,
  actions: readonly ActionDefinition[],
  at: string | undefined,
): void {
  const threads = threadsOf(schema)
  const meant = actions.filter((it) => it.name === name || it.thread?.name === name || it.thread?.procedure === name)
  if (meant.length === 0) {
    const procedures = proceduresOf(schema).map((it) => it.name as string)
    const names = [...new Set([...actions.map((it) => it.name), ...threads.map(([thread]) => thread), ...procedures])]
    throw unknownPart('action', name, names, 'the model', at)
  }
  for (const [parameter, value] of Object.entries(bindings)) {
    const having = meant.filter(({ parameters }) => parameter in parameters)
    if (having.length === 0) {
      const names = [...new Set(meant.flatMap(({ parameters }) => Object.keys(parameters)))]
      throw unknownPart('parameter', parameter, names, `"${name}"`, at)
    }
    const values = having.flatMap(({ parameters }) => bindAll({ value: parameters[parameter]! }))
    if (values.some((row) => Object.is(row['value'], value) || String(row['value']) === String(value))) continue
    throw badDefinition(
      `steps("${name}", ...)`,
      `must bind "${parameter}" to a value of its domain, but binds it to ${inWords(value)}`,
      `give a value of the domain of "${parameter}"`,
      at,
    )
  }
  const labels = [...new Set(meant.flatMap((it) => it.thread?.label ?? []))]
  const without = threads.flatMap(([thread, domain]) => (thread === name ? domain.labels : []))
  const names = [...labels, ...without, ...meant.flatMap((it) => [it.name, it.thread?.procedure])]
  for (const one of except) {
    if (!names.includes(one))
      throw unknownPart(
        'label',
        one,
        labels,
        `${threads.some(([thread]) => thread === name) ? 'thread ' : ''}"${name}"`,
        at,
      )
  }
}
