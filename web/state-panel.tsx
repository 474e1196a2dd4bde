/** The state of the entry that is shown, compared with another one. */
import { Fragment, type ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { PositionDocument, SpecDocument } from '../src/cli/explore/protocol.ts'
import type { ValueDocument } from '../src/report/json/value.ts'
import { StateTree, type Choice, type NamedValues } from './value-tree.tsx'

/** The variables of an entry with their values. */
export function valuesAt(
  {
    entries,
    values,
  }: { readonly entries: readonly { readonly state: readonly number[] }[]; readonly values: readonly ValueDocument[] },
  { variables }: Pick<SpecDocument, 'variables'>,
  at: number,
): NamedValues | undefined {
  return entries[at]?.state.map((value, index) => [variables[index]!, values[value]!] as const)
}

/** Values of entries under a title, which may be empty. */
export interface Part {
  readonly title: string
  readonly valuesAt: (at: number) => NamedValues | undefined
  readonly choice?: Choice | undefined
}

interface ComparedProps {
  /** The number of the entry, as the page shows it. */
  readonly number: string
  readonly at: number
  /** The names of the entries with which to compare. */
  readonly names: readonly string[]
  readonly parts: readonly Part[]
  /** Says something of the entry. */
  readonly children?: ComponentChildren
  readonly onCompare?: (at: number | undefined) => void
}

/** The values of an entry, with marks where they differ from those of the entry before or of another. */
export function ComparedState({ number, at, names, parts, children, onCompare }: ComparedProps) {
  const [chosen, setCompared] = useState<number>()
  const compared = chosen === undefined || chosen >= names.length ? undefined : chosen
  const compare = (text: string): void => {
    const other = text === '' ? undefined : Number(text)
    setCompared(other)
    onCompare?.(other)
  }
  return (
    <section class="now" aria-label="State">
      <h2>
        State <span class="count">{number}</span>
        {children}
        {names.length > 1 && (
          <label class="compared">
            compared with{' '}
            <select value={compared ?? ''} onChange={({ currentTarget: { value } }) => compare(value)}>
              <option value="">the state before</option>
              {names.map((name, index) => (
                <option value={index} key={index}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </h2>
      {parts.map(({ title, valuesAt: values, choice }) => {
        const now = values(at)
        return (
          now && (
            <Fragment key={title}>
              {title !== '' && <h3>{title}</h3>}
              <StateTree state={now} before={values(compared ?? at - 1)} choice={choice} />
            </Fragment>
          )
        )
      })}
    </section>
  )
}

interface Props {
  readonly spec: SpecDocument
  readonly position: PositionDocument
  readonly at: number
}

export function StatePanel({ spec, position, at }: Props) {
  const entry = position.entries[at]
  return (
    <ComparedState
      number={String(at)}
      at={at}
      names={position.path.map((name, index) => `${index} ${name}`)}
      parts={[{ title: '', valuesAt: (index) => valuesAt(position, spec, index) }]}
    >
      {entry?.verdicts.map((verdict) => (
        <VerdictChip verdict={verdict} key={verdict.property} />
      ))}
      {entry?.step?.violates.map((verdict) => (
        <VerdictChip verdict={verdict} key={verdict.property} />
      ))}
    </ComparedState>
  )
}

/** What a state or a step decides. */
export function VerdictChip({
  verdict,
}: {
  readonly verdict: PositionDocument['entries'][number]['verdicts'][number]
}) {
  const { property, kind, isGood } = verdict
  const isOfStep = kind === 'transition' || kind === 'refinement'
  return (
    <span class={isGood ? 'chip good' : 'chip bad'}>
      {isGood
        ? `${property} is reached`
        : kind === 'deadlock'
          ? 'deadlock'
          : isOfStep
            ? `the step violates ${property}`
            : `${property} is violated`}
    </span>
  )
}
