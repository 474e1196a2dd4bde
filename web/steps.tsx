/** The steps of a state, by who takes them, and why others are disabled. */
import { useMemo } from 'preact/hooks'
import { VirtualList } from './virtual-list.tsx'
import type { DisabledDocument, StepDocument, StepsDocument, StepperDocument } from '../src/report/json/walk.ts'

interface Props {
  readonly steps: StepsDocument
  readonly selected: number
  /** Whether the selected step must be in view: the user moved to it by keys. */
  readonly isMoved: boolean
  readonly onSelect: (index: number) => void
  readonly onTake: (name: string) => void
  readonly disabled: readonly DisabledDocument[] | undefined
  /** Called when the list of disabled steps opens or closes. */
  readonly onDisabled: (isOpen: boolean) => void
}

/** A heading, or a member of the group below it with its index in the list that was grouped. */
type Row<T> =
  | { readonly heading: string; readonly member?: undefined }
  | { readonly heading?: undefined; readonly member: T; readonly index: number }

/** Rows by thread, and by action where no thread steps, in the order of the first member of each group. */
function grouped<T extends StepperDocument>(steps: readonly T[]): Row<T>[] {
  const groups = new Map<string, Row<T>[]>()
  for (const [index, member] of steps.entries()) {
    const group = member.thread ?? member.action
    const rows = groups.get(group) ?? []
    rows.push({ member, index })
    groups.set(group, rows)
  }
  return [...groups].flatMap(([heading, rows]) => [{ heading }, ...rows])
}

function Step({
  step,
  index,
  isSelected,
  onSelect,
  onTake,
}: {
  readonly step: StepDocument
  readonly index: number
  readonly isSelected: boolean
  readonly onSelect: (index: number) => void
  readonly onTake: (name: string) => void
}) {
  return (
    <button
      class={isSelected ? 'step selected' : 'step'}
      aria-current={isSelected}
      data-step={index}
      onMouseEnter={() => onSelect(index)}
      onFocus={() => onSelect(index)}
      onClick={() => onTake(step.name)}
    >
      <span class="call">
        <b>{step.thread === null ? step.call : step.action}</b>
        {step.chosen}
        {step.label !== null && step.label !== step.action && <span class="note"> at {step.label}</span>}
      </span>
      {step.note !== null && <span class="note">{step.note}</span>}
      {step.violates.map(({ property }) => (
        <span class="bad">violates {property}</span>
      ))}
      {step.isSelfLoop && <span class="note">changes nothing</span>}
      {step.isOutside && <span class="note">leaves the constraints</span>}
      <span class="changes">
        {step.changes.map(({ path, text }) => (
          <span class="change">
            <span class="path">{path}</span> {text}
          </span>
        ))}
      </span>
    </button>
  )
}

export function Steps({ steps, selected, isMoved, onSelect, onTake, disabled, onDisabled }: Props) {
  const rows = useMemo(() => grouped(steps.enabled), [steps])
  const shown = rows.findIndex(({ member }) => member === steps.enabled[selected])
  return (
    <section class="steps" aria-label="Steps">
      <h2>
        Steps <span class="count">{steps.enabled.length}</span>
      </h2>
      {rows.length === 0 && steps.failed.length === 0 && <p class="faint">No step is enabled in this state.</p>}
      <VirtualList
        count={rows.length}
        rowHeight={56}
        keyOf={(index) => rows[index]!.heading ?? rows[index]!.member.name}
        shown={isMoved ? shown : undefined}
        render={(at) => {
          const row = rows[at]!
          if (row.member === undefined) return <h3>{row.heading}</h3>
          return (
            <Step
              step={row.member}
              index={row.index}
              isSelected={row.index === selected}
              onSelect={onSelect}
              onTake={onTake}
            />
          )
        }}
      />
      {steps.failed.map(({ call, code, message }) => (
        <p class="bad" key={call}>
          {call} fails: {message} ({code})
        </p>
      ))}
      <details class="why" onToggle={(event) => onDisabled(event.currentTarget.open)}>
        <summary>Why not others?</summary>
        {disabled === undefined ? <p class="faint">Asking the spec ...</p> : <Disabled disabled={disabled} />}
      </details>
    </section>
  )
}

function Disabled({ disabled }: { readonly disabled: readonly DisabledDocument[] }) {
  const elsewhere = disabled.filter(({ isAtLabel }) => isAtLabel === false).length
  const rows = useMemo(() => grouped(disabled.filter(({ isAtLabel }) => isAtLabel !== false)), [disabled])
  return (
    <div class="disabled">
      <VirtualList
        count={rows.length}
        rowHeight={40}
        keyOf={(index) => rows[index]!.heading ?? rows[index]!.member.call}
        render={(at) => {
          const row = rows[at]!
          if (row.member === undefined) return <h3>{row.heading}</h3>
          const { call, read } = row.member
          return (
            <>
              <span class="call">{call}</span>
              <span class="note">{read.length === 0 ? 'reads nothing' : `because ${read.at(-1)!}`}</span>
              {read.length > 1 && <span class="note faint">it read {read.slice(0, -1).join(', ')} before</span>}
            </>
          )
        }}
      />
      {elsewhere > 0 && <p class="faint">{elsewhere} steps begin at other labels.</p>}
    </div>
  )
}
