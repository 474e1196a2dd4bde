/** The steps of a state, by who takes them, and why others are disabled. */
import type { DisabledDocument, StepDocument, StepsDocument, StepperDocument } from '../src/report/json/walk.ts'

/** Rows that are shown at once. */
export const MAX_ROWS = 200

interface Props {
  readonly steps: StepsDocument
  readonly selected: number
  readonly onSelect: (index: number) => void
  readonly onTake: (name: string) => void
  readonly disabled: readonly DisabledDocument[] | undefined
  /** Called when the list of disabled steps opens or closes. */
  readonly onDisabled: (isOpen: boolean) => void
}

/** Groups by thread, and by action where no thread steps, in the order of the first member. */
function grouped<T extends StepperDocument>(steps: readonly T[]): [group: string, members: T[]][] {
  const groups = new Map<string, T[]>()
  for (const step of steps) {
    const group = step.thread ?? step.action
    groups.set(group, [...(groups.get(group) ?? []), step])
  }
  return [...groups]
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
    <li>
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
    </li>
  )
}

export function Steps({ steps, selected, onSelect, onTake, disabled, onDisabled }: Props) {
  const shown = steps.enabled.slice(0, MAX_ROWS)
  const more = steps.enabled.length - shown.length
  return (
    <section class="steps" aria-label="Steps">
      <h2>
        Steps <span class="count">{steps.enabled.length}</span>
      </h2>
      {shown.length === 0 && steps.failed.length === 0 && <p class="faint">No step is enabled in this state.</p>}
      {grouped(shown).map(([group, members]) => (
        <div class="group" key={group}>
          <h3>{group}</h3>
          <ul>
            {members.map((step) => {
              const index = steps.enabled.indexOf(step)
              return (
                <Step
                  key={step.name}
                  step={step}
                  index={index}
                  isSelected={index === selected}
                  onSelect={onSelect}
                  onTake={onTake}
                />
              )
            })}
          </ul>
        </div>
      ))}
      {more > 0 && <p class="faint">{more} more steps are not shown.</p>}
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
  const here = disabled.filter(({ isAtLabel }) => isAtLabel !== false).slice(0, MAX_ROWS)
  return (
    <div class="disabled">
      {grouped(here).map(([group, members]) => (
        <div class="group" key={group}>
          <h3>{group}</h3>
          <ul>
            {members.map(({ call, read }) => (
              <li key={call}>
                <span class="call">{call}</span>
                <span class="note">{read.length === 0 ? 'reads nothing' : `because ${read.at(-1)!}`}</span>
                {read.length > 1 && <span class="note faint">it read {read.slice(0, -1).join(', ')} before</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {elsewhere > 0 && <p class="faint">{elsewhere} steps begin at other labels.</p>}
    </div>
  )
}
