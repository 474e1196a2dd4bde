/** What the graph view draws, and how it colors that. */
import { useState } from 'preact/hooks'
import type { SpecDocument } from '../../src/cli/explore/protocol.ts'
import type { GraphDocument } from '../../src/report/json/graph-view.ts'

export interface Choice {
  readonly scope: 'around' | 'whole'
  /** How many steps away states around the current one may be. */
  readonly steps: number
  /** Variables by which states are merged. */
  readonly project: readonly string[]
  /** The property that colors the nodes; empty for all; or `EXPRESSION`. */
  readonly color: string
  readonly expression: string
  /** Whether edges show the names of steps; undefined to decide by the size of the graph. */
  readonly areNamed: boolean | undefined
}

interface Props {
  readonly choice: Choice
  readonly areNamed: boolean
  readonly graph: GraphDocument | undefined
  readonly variables: readonly string[]
  readonly properties: SpecDocument['properties']
  readonly onChoice: (change: Partial<Choice>) => void
}

/** The choice to color nodes by an expression. A property cannot have this name. */
export const EXPRESSION = '='

const RADII = [1, 2, 3, 4, 6, 8]

/** Kinds of properties that single states decide. */
const OF_STATES = ['invariant', 'goal', 'unreachable', 'deadlock']

export function GraphControls({ choice, areNamed, graph, variables, properties, onChoice }: Props) {
  const { scope, steps, project, color, expression } = choice
  return (
    <div class="graph-controls">
      <select
        aria-label="States"
        value={scope === 'whole' ? 'whole' : `${steps}`}
        onChange={({ currentTarget: { value } }) =>
          onChoice(value === 'whole' ? { scope: 'whole' } : { scope: 'around', steps: Number(value) })
        }
      >
        {RADII.map((radius) => (
          <option key={radius} value={radius}>
            {radius === 1 ? '1 step' : `${radius} steps`} around
          </option>
        ))}
        <option value="whole">Whole graph</option>
      </select>
      {scope === 'whole' && (
        <details class="merge">
          <summary>{project.length === 0 ? 'Merge states' : `Merged by ${project.join(', ')}`}</summary>
          <fieldset>
            <legend>Merge states that agree on</legend>
            {variables.map((name) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={project.includes(name)}
                  onChange={({ currentTarget: { checked } }) =>
                    onChoice({
                      project: variables.filter((it) => (it === name ? checked : project.includes(it))),
                    })
                  }
                />
                {name}
              </label>
            ))}
          </fieldset>
        </details>
      )}
      <label>
        Color by{' '}
        <select value={color} onChange={({ currentTarget: { value } }) => onChoice({ color: value })}>
          <option value="">all properties</option>
          {properties
            .filter(({ kind }) => OF_STATES.includes(kind))
            .map(({ name, kind }) => (
              <option key={name} value={name}>
                {name} ({kind})
              </option>
            ))}
          <option value={EXPRESSION}>an expression</option>
        </select>
      </label>
      {color === EXPRESSION && (
        <Expression value={expression} variables={variables} onChange={(text) => onChoice({ expression: text })} />
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={areNamed}
          onChange={({ currentTarget: { checked } }) => onChoice({ areNamed: checked })}
        />
        Step names
      </label>
      <span class="faint summary" role="status">
        {graph ? summaryOf(graph, color) : 'Drawing ...'}
      </span>
    </div>
  )
}

/** A text that counts when it is finished. */
function Expression({
  value,
  variables,
  onChange,
}: {
  readonly value: string
  readonly variables: readonly string[]
  readonly onChange: (text: string) => void
}) {
  const [draft, setDraft] = useState(value)
  return (
    <input
      class="expression"
      aria-label="Expression"
      placeholder={`TypeScript over ${variables.slice(0, 3).join(', ')}`}
      value={draft}
      onInput={({ currentTarget }) => setDraft(currentTarget.value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      spellcheck={false}
      autocomplete="off"
    />
  )
}

function summaryOf({ nodes, states, isProjected, comparedWith, cut }: GraphDocument, color: string): string {
  const counted = isProjected ? `${states} states in ${nodes.length} nodes` : `${nodes.length} states`
  const isTrue = nodes.filter((node) => node.isTrue === true).length
  return [
    counted,
    ...(color === EXPRESSION && nodes.some((node) => node.isTrue !== null) ? [`true in ${isTrue}`] : []),
    ...(cut === null ? [] : [cut === 'states' ? 'farther ones are left out' : 'time was up before all were found']),
    ...(comparedWith === null ? [] : [`rows differ from the ${comparedWith} state`]),
  ].join('; ')
}
