/**
 * Matchers for vitest. Import this module in a test or in a setup file:
 *
 *     import 'kripke/vitest'
 *
 *     await expect(design).toHold({ constants: { get: 'unless-zero' } })
 */
import { expect } from 'vitest'
import {
  judgeConforms,
  judgeHolds,
  judgeReaches,
  judgeViolates,
  type Judgement,
  type PropertyExpectation,
} from './assertions.ts'
import type { ConformOptions } from './api/conform.ts'
import type { CheckOptions } from './api/options.ts'
import type { Constants } from './spec/constant.ts'
import type { AnySpec, Spec } from './spec/spec.ts'

/** The options of `check` for the spec that a test gives to `expect`. */
export type OptionsOf<T> = T extends Spec<infer C, infer P> ? CheckOptions<C, P> : never

/** The options of a matcher about one property of the spec. */
export type ExpectationOf<T> = T extends Spec<infer C, infer P> ? PropertyExpectation<C, P> : never

/** The names of the properties of the spec. */
export type PropertyOf<T> = T extends Spec<any, infer P> ? P : never

declare module 'vitest' {
  interface Matchers<T = any> {
    /** Every property holds. Await it. */
    toHold(options?: OptionsOf<T>): Promise<void>
    /** The property is violated, in so many steps if the options say how many. Await it. */
    toViolate(property: PropertyOf<T>, options?: ExpectationOf<T>): Promise<void>
    /** The goal is reached, in so many steps if the options say how many. Await it. */
    toReach(goal: PropertyOf<T>, options?: ExpectationOf<T>): Promise<void>
    /** The log, as text or as a list of events, records a behavior of the spec. */
    toConform<C extends Constants>(spec: Spec<C>, options?: ConformOptions<NoInfer<C>>): void
  }
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

function matched({ isMet, message }: Pick<Judgement, 'isMet' | 'message'>, isNot: boolean): MatcherResult {
  // What is not known is neither met nor its opposite.
  return { pass: isMet ?? isNot, message: () => message }
}

expect.extend({
  async toHold(spec: AnySpec, options: CheckOptions = {}) {
    return matched(await judgeHolds(spec, options), this.isNot)
  },
  async toViolate(spec: AnySpec, property: string, options: PropertyExpectation = {}) {
    return matched(await judgeViolates(spec, property, options), this.isNot)
  },
  async toReach(spec: AnySpec, goal: string, options: PropertyExpectation = {}) {
    return matched(await judgeReaches(spec, goal, options), this.isNot)
  },
  toConform(log: string | Iterable<unknown>, spec: AnySpec, options: ConformOptions = {}) {
    return matched(judgeConforms(spec, log, options), this.isNot)
  },
})
