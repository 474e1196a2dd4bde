/** Finds the result of a property, with its trace, in what a run gave. */
import { unknownName } from '../errors.ts'
import type { Trace } from '../trace/trace.ts'
import type { HasProperties, PropertyOutcome, PropertyReport } from './outcome.ts'

interface Found<P extends string, S> {
  readonly spec: string
  readonly properties: readonly PropertyOutcome<P>[]
  readonly traces: readonly Trace<S>[]
}

/** Adds the lookup. It is not enumerable, so copies and comparisons see the data alone. */
export function withProperties<P extends string, S, T extends Found<P, S>>(
  found: T & Found<P, S>,
): T & HasProperties<P, S> {
  const property = (name: P): PropertyReport<P, S> => {
    const outcome = found.properties.find((it) => it.name === name)
    if (outcome === undefined) {
      throw unknownName(
        'property',
        name,
        found.properties.map((it) => it.name),
        found.spec,
      )
    }
    const { trace, ...rest } = outcome
    return { ...rest, trace: trace === undefined ? undefined : found.traces[trace] }
  }
  return Object.defineProperty(found, 'property', { value: property }) as T & HasProperties<P, S>
}
