/** A value as a tree, with marks where it differs from the value before. */
import type { ComponentChild } from 'preact'
import { useState } from 'preact/hooks'
import type { ValueDocument } from '../src/report/json/value.ts'

/** Variables in order, with their values. */
export type NamedValues = readonly (readonly [name: string, value: ValueDocument])[]

interface Props {
  readonly now: ValueDocument
  /** The value before; undefined if there was none to compare with. */
  readonly before: ValueDocument | undefined
}

export function textOf(value: ValueDocument): string {
  switch (value.kind) {
    case 'value':
      return value.text
    case 'set':
      return `{${value.items.map(textOf).join(', ')}}`
    case 'list':
      return `[${value.items.map(textOf).join(', ')}]`
    default:
      return `{ ${value.entries.map(([key, it]) => `${key}: ${textOf(it)}`).join(', ')} }`
  }
}

export function differs(one: ValueDocument | undefined, other: ValueDocument | undefined): boolean {
  if (one === undefined || other === undefined) return one !== other
  return one.kind !== other.kind || textOf(one) !== textOf(other)
}

function Leaf({ now, before }: Props) {
  const isChanged = before !== undefined && differs(before, now)
  return (
    <span class={isChanged ? 'leaf changed' : 'leaf'}>
      {isChanged && <del aria-label="before">{textOf(before)}</del>}
      {textOf(now)}
    </span>
  )
}

/** Elements or entries of a collection that are shown at first. */
const FEW = 200

/** The first ones of a long collection, and a button that shows the others. */
function useFew<T>(all: readonly T[]): readonly [shown: readonly T[], more: ComponentChild] {
  const [isWhole, setWhole] = useState(false)
  if (isWhole || all.length <= FEW) return [all, null]
  const hidden = (all.length - FEW).toLocaleString('en')
  return [all.slice(0, FEW), <button onClick={() => setWhole(true)}>Show {hidden} more</button>]
}

/** The elements of a set: what came and what went is marked. */
function Elements({ now, before }: Props) {
  const items = 'items' in now ? now.items : []
  const [shown, more] = useFew(items)
  if (items.length === 0 && (before === undefined || !differs(before, now)))
    return <span class="leaf faint">{textOf(now)}</span>
  const old = before !== undefined && 'items' in before ? before.items : undefined
  const oldTexts = old && new Set(old.map(textOf))
  const texts = new Set(items.map(textOf))
  return (
    <span class="elements">
      {shown.map((item) => (
        <span class={oldTexts === undefined || oldTexts.has(textOf(item)) ? 'element' : 'element changed'}>
          {textOf(item)}
        </span>
      ))}
      {(old ?? [])
        .filter((item) => !texts.has(textOf(item)))
        .map((item) => (
          <del class="element">{textOf(item)}</del>
        ))}
      {more}
    </span>
  )
}

function entriesOf(value: ValueDocument | undefined): readonly (readonly [string, ValueDocument])[] | undefined {
  if (value === undefined) return undefined
  if ('entries' in value) return value.entries
  return value.kind === 'list' ? value.items.map((item, index) => [`${index}`, item] as const) : undefined
}

function isSmall(value: ValueDocument): boolean {
  return value.kind === 'value' || textOf(value).length <= 28
}

export function Value({ now, before }: Props) {
  if (now.kind === 'set') return <Elements now={now} before={before} />
  const entries = entriesOf(now)
  if (entries === undefined || entries.length === 0 || (now.kind !== 'map' && isSmall(now) && !differs(before, now))) {
    return <Leaf now={now} before={before} />
  }
  return <Entries now={now} entries={entries} before={before} />
}

function Entries({ now, entries, before }: Props & { readonly entries: NamedValues }) {
  const old = new Map(entriesOf(before))
  const [shown, more] = useFew(entries)
  const isFlat = now.kind === 'record' && entries.every(([, value]) => value.kind === 'set' || isSmall(value))
  return (
    <div class={isFlat ? 'entries flat' : 'entries'}>
      {shown.map(([key, value]) => {
        const earlier = old.get(key)
        return (
          <div class="entry">
            <span class="key">{key}</span>
            <Value now={value} before={earlier} />
          </div>
        )
      })}
      {more}
    </div>
  )
}

/** Variables that the page shows elsewhere too. */
export interface Choice {
  readonly chosen: ReadonlySet<string>
  /** What choosing one does: `show in the timeline`. */
  readonly label: string
  readonly toggle: (name: string) => void
}

interface StateProps {
  readonly state: NamedValues
  readonly before: NamedValues | undefined
  readonly choice?: Choice | undefined
}

export function StateTree({ state, before, choice }: StateProps) {
  return (
    <div class="state">
      {state.map(([name, value]) => {
        const earlier = before?.find(([it]) => it === name)?.[1]
        const isChanged = earlier !== undefined && differs(earlier, value)
        return (
          <details class={isChanged ? 'variable touched' : 'variable'} open key={name}>
            <summary>
              {name}
              {choice && <ChoiceButton name={name} choice={choice} />}
              <span class="short">{textOf(value)}</span>
            </summary>
            <Value now={value} before={earlier} />
          </details>
        )
      })}
    </div>
  )
}

function ChoiceButton({ name, choice: { chosen, label, toggle } }: { readonly name: string; readonly choice: Choice }) {
  return (
    <button
      class="choose"
      aria-pressed={chosen.has(name)}
      aria-label={`${label}: ${name}`}
      title={label}
      onClick={(event) => {
        // The name around it would open or close.
        event.preventDefault()
        toggle(name)
      }}
    >
      {chosen.has(name) ? '−' : '+'}
    </button>
  )
}
