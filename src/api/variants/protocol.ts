/** Messages between the thread that compares and the others. */
import type { ControlMemory } from './control.ts'

/** Options with which a thread prepares itself. */
export interface VariantOptions {
  /** URL of a module whose default export is the spec. */
  readonly module: string
  /** The options of `check` that can be sent. */
  readonly check: { readonly [name: string]: unknown }
  readonly control: ControlMemory
  /** Memory that records calls of spec functions; undefined if no thread reads it. */
  readonly calls: SharedArrayBuffer | undefined
}

/** A variant to check: its number, and the message with its constants. */
export interface VariantTask {
  readonly variant: number
  readonly constants: unknown
}

/**
 * The message with an outcome. It is undefined if the check threw, if the outcome cannot be sent, or if it depends on how much
 * memory others use. The thread that compares then checks the variant itself.
 */
export interface VariantReport {
  readonly outcome: unknown
}
