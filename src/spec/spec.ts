/** Specs: a model as a function of its constants. */
import { assumptionFalse, badDefinition, CheckerError, definitionThrew } from '../errors.ts'
import { resolveConstants, type Constant, type Constants, type ConstantValues } from './constant.ts'
import { bindingsText } from './bindings.ts'
import { beginCall, callsOf, endCall } from './calls.ts'
import { forgetIterated } from './members.ts'
import type { Model } from './model.ts'
import { fileOf, here, place, type Origin } from './origin.ts'
import { inWords } from './show.ts'

/** A spec: what `kripke check` takes, as a file's default export. Made by `spec`. */
export interface Spec<C extends Constants = any, P extends string = string, S = any, A extends string = any> {
  readonly kind: 'spec'
  readonly name: string
  readonly doc: string
  readonly constants: C
  readonly assumptions: { readonly [name: string]: (constants: ConstantValues<C>) => boolean }
  readonly model: (constants: ConstantValues<C>) => Model<P, S, A>
}

/** Any spec, whatever its constants, properties and state. */
export interface AnySpec extends Omit<Spec, 'constants'> {
  readonly constants: Constants
}

/** What the author writes. */
export interface SpecParts<C extends Constants, P extends string, S, A extends string> {
  /** In kebab-case, as the file is named. */
  readonly name: string
  /** What is modeled and asked, for `kripke info`. */
  readonly doc?: string
  readonly constants?: C
  /** What must be true of the constants for the model to mean anything, by a name that can be read aloud. */
  readonly assumptions?: { readonly [name: string]: (constants: ConstantValues<C>) => boolean }
  /** The model for given constants. */
  readonly model: (constants: ConstantValues<C>) => Model<P, S, A>
}

/** Defines a spec. */
export function spec<const C extends Constants = {}, P extends string = string, S = any, A extends string = any>({
  name,
  doc = '',
  constants,
  assumptions = {},
  model,
}: SpecParts<C, P, S, A>): Spec<C, P, S, A> {
  if (typeof name !== 'string' || name === '')
    throw badDefinition('spec(...)', 'must have a name, but has none', "add name: 'my-design'", place(here()))
  if (typeof model !== 'function') {
    const hint = 'add model: (constants) => model(State, { ... })'
    throw badDefinition(`spec "${name}"`, 'must have a model function, but has none', hint, place(here()))
  }
  for (const [constant, declared] of Object.entries(constants ?? {})) {
    if ((declared as Partial<Constant> | null)?.kind === 'constant') continue
    const hint = `write ${constant}: constant(range(1, 3), 2, 'what it is')`
    throw badDefinition(
      `constant "${constant}" of "${name}"`,
      `must be made by constant(...), but is ${inWords(declared)}`,
      hint,
      place(here()),
    )
  }
  const made: Spec<C, P, S, A> = { kind: 'spec', name, doc, constants: constants ?? ({} as C), assumptions, model }
  ORIGINS.set(made, here())
  return made
}

/** Where specs were defined. */
const ORIGINS = new WeakMap<object, Origin>()

/** The URL of the module that called `spec`; undefined if the stack does not tell it. */
export function moduleOf(spec: AnySpec): string | undefined {
  const origin = ORIGINS.get(spec)
  return origin && fileOf(origin)
}

/** A spec with its constants' values and the model they give. */
export interface Instantiated {
  readonly name: string
  readonly constants: { readonly [name: string]: unknown }
  readonly model: Model
  /** Constants whose values were looked at, for the model or by a function of it so far. */
  readonly constantsRead: ReadonlySet<string>
}

/**
 * The model of a spec for given constants; those not given take their defaults.
 *
 * @throws {CheckerError} KR102 or KR103 for bad constants, KR104 if an assumption is false, and what `model` throws
 */
export function instantiate(of: AnySpec, given: { readonly [name: string]: unknown } = {}): Instantiated {
  if ((of as Partial<Spec> | null)?.kind !== 'spec')
    throw badDefinition('the first argument', `must be a spec, but is ${inWords(of)}`, 'make a spec with spec({ ... })')
  const { name, constants: declared, assumptions, model } = of as Spec
  const constants = resolveConstants(name, declared, given)
  callsOf(bindingsText(constants))
  for (const [assumption, holds] of Object.entries(assumptions)) {
    const isTrue = defining(`the assumption "${assumption}"`, () => holds(constants))
    if (isTrue !== true) throw assumptionFalse(assumption, bindingsText(constants))
  }
  const constantsRead = new Set<string>()
  const watched = new Proxy(constants, {
    get(target, key, receiver) {
      if (typeof key === 'string') constantsRead.add(key)
      return Reflect.get(target, key, receiver) as unknown
    },
  })
  forgetIterated()
  const made = defining(`the model of "${name}"`, () => model(watched))
  if ((made as Partial<Model> | undefined)?.schema === undefined) {
    throw badDefinition(
      `the model of "${name}"`,
      `must be made by model(...), but is ${inWords(made)}`,
      'return model(State, { ... }) from the model function',
      { source: model },
    )
  }
  return { name, constants, model: made, constantsRead }
}

/** Calls a function of the spec that defines it. @throws {CheckerError} what it throws, or KR209 for any other error */
function defining<T>(what: string, define: () => T): T {
  beginCall(what, undefined)
  try {
    return define()
  } catch (thrown) {
    if (thrown instanceof CheckerError) {
      thrown.at ??= place(thrown)
      throw thrown
    }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    throw definitionThrew(what, `${error.name}: ${error.message}`, place(error))
  } finally {
    endCall()
  }
}
