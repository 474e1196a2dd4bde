/** The state of the entry that is shown, compared with another one. */
import { useState } from 'preact/hooks'
import type { PositionDocument, SpecDocument } from '../src/cli/explore/protocol.ts'
import type { ValueDocument } from '../src/report/json/value.ts'
import { StateTree, type NamedValues } from './value-tree.tsx'

/** The variables of an entry with their values. */
export function valuesAt(
  { entries, values }: { readonly entries: PositionDocument['entries']; readonly values: readonly ValueDocument[] },
  { variables }: Pick<SpecDocument, 'variables'>,
  at: number,
): NamedValues | undefined {
  return entries[at]?.state.map((value, index) => [variables[index]!, values[value]!] as const)
}

interface Props {
  readonly spec: SpecDocument
  readonly position: PositionDocument
  readonly at: number
}

export function StatePanel({ spec, position, at }: Props) {
  const [compared, setCompared] = useState<number>()
  const entry = position.entries[at]
  const now = valuesAt(position, spec, at)
  const other = compared === undefined || compared >= position.entries.length ? at - 1 : compared
  return (
    <section class="now" aria-label="State">
      <h2>
        State <span class="count">{at}</span>
        {entry?.verdicts.map(({ property, kind, isGood }) => (
          <span class={isGood ? 'chip good' : 'chip bad'} key={property}>
            {isGood ? `${property} is reached` : kind === 'deadlock' ? 'deadlock' : `${property} is violated`}
          </span>
        ))}
        {entry?.step?.violates.map(({ property }) => (
          <span class="chip bad" key={property}>
            the step violates {property}
          </span>
        ))}
        {position.entries.length > 1 && (
          <label class="compared">
            compared with{' '}
            <select
              value={compared ?? ''}
              onChange={({ currentTarget: { value } }) => setCompared(value === '' ? undefined : Number(value))}
            >
              <option value="">the state before</option>
              {position.path.map((name, index) => (
                <option value={index} key={index}>
                  {index} {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </h2>
      {now && <StateTree state={now} before={valuesAt(position, spec, other)} />}
    </section>
  )
}
