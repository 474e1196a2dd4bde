/** Variables as columns beside the steps: the value in each row, marked where it changed. */
import { useState } from 'preact/hooks'
import type { TraceViewDocument } from '../../src/report/json/trace-view.ts'
import { textOf } from '../value-tree.tsx'

interface MenuProps {
  readonly variables: readonly string[]
  readonly chosen: readonly string[]
  readonly onToggle: (name: string) => void
  /** Adds an expression over the state; absent where nobody can evaluate one. */
  readonly onExpression?: ((text: string) => void) | undefined
}

export function TimelineMenu({ variables, chosen, onToggle, onExpression }: MenuProps) {
  const [text, setText] = useState('')
  const submit = (event: Event): void => {
    event.preventDefault()
    if (text.trim() === '') return
    onExpression!(text.trim())
    setText('')
  }
  return (
    <details class="menu timeline-menu" name="menu">
      <summary>Timeline{chosen.length > 0 && <span class="count"> {chosen.length}</span>}</summary>
      <div class="popup" role="group" aria-label="Variables in the timeline">
        {variables.map((name) => (
          <label key={name}>
            <input type="checkbox" checked={chosen.includes(name)} onChange={() => onToggle(name)} />
            {name}
          </label>
        ))}
        {onExpression !== undefined && (
          <form class="wide row" onSubmit={submit}>
            <input
              class="expression"
              aria-label="An expression in the timeline"
              placeholder="an expression, as in Find"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              spellcheck={false}
              autocomplete="off"
            />
            <button type="submit">Add</button>
          </form>
        )}
      </div>
    </details>
  )
}

interface CellsProps {
  readonly trace: TraceViewDocument
  readonly index: number
  readonly timeline: readonly string[]
}

/** The values of the chosen variables after a step. */
export function TimelineCells({ trace, index, timeline }: CellsProps) {
  const { entries, values, variables } = trace
  return (
    <>
      {timeline.map((name) => {
        const variable = variables.indexOf(name)
        const value = entries[index]!.state[variable]!
        const isChanged = index > 0 && entries[index - 1]!.state[variable] !== value
        const text = textOf(values[value]!)
        return (
          <td class="timeline" key={name} title={text}>
            <span class={isChanged ? 'changed' : index === 0 ? '' : 'faint'}>{text}</span>
          </td>
        )
      })}
    </>
  )
}
