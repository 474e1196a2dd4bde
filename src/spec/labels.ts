/** The labels in a declaration of a thread or procedure. */
import { badDefinition, badDomain } from '../errors.ts'
import type { AnyProcedure } from './domain.ts'
import { oneOf } from './domain-constructors.ts'
import { here, place } from './origin.ts'

/**
 * Splits labels from the options after them.
 *
 * @param right - a correct declaration, for the hint
 * @throws {CheckerError} KR204 for no label and for a repeated one
 */
export function splitLabels(
  who: string,
  parts: readonly unknown[],
  right: string,
): { readonly labels: readonly string[]; readonly options: object } {
  const last = parts.at(-1)
  const hasOptions = typeof last === 'object' && last !== null
  const labels = (hasOptions ? parts.slice(0, -1) : parts) as readonly string[]
  if (labels.length === 0) {
    throw badDomain(who, 'must have a label, but has none', `name its labels in code order: ${right}`, place(here()))
  }
  // It rejects values that are not labels, and labels that occur twice.
  oneOf(...labels)
  return { labels, options: hasOptions ? last : {} }
}

/** @throws {CheckerError} KR206 unless all given labels are declared */
export function requireLabels(who: string, part: string, given: readonly string[], labels: readonly string[]): void {
  const stray = given.find((label) => !labels.includes(label))
  if (stray === undefined) return
  throw badDefinition(
    `"${part}" of ${who}`,
    `must list labels, but lists "${stray}"`,
    `use the labels ${labels.join(', ')}`,
    place(here()),
  )
}

/** The label of a procedure in a position. */
export function labelIn(procedure: AnyProcedure | undefined, label: string): string {
  return procedure === undefined ? label : `${procedure.name}.${label}`
}

/** All labels at which a thread may be: its own, then those of its procedures. */
export function allLabels(labels: readonly string[], procedures: readonly AnyProcedure[]): string[] {
  return [...labels, ...procedures.flatMap((it) => (it.labels as string[]).map((label) => labelIn(it, label)))]
}
