/** A trace as lanes: a row for each step, a column for each lane, and the state of the row that is selected. */
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TraceViewDocument } from '../../src/report/json/trace-view.ts'
import { ComparedState, valuesAt, type Part } from '../state-panel.tsx'
import { useKeys } from '../use-keys.ts'
import type { NamedValues } from '../value-tree.tsx'
import { EndRow, NoteRow, StepRow } from './rows.tsx'
import { TimelineMenu } from './timeline.tsx'
import './trace-view.css'

/** With more lanes, long labels in boxes are broken. */
const FEW_LANES = 5

interface Props {
  readonly trace: TraceViewDocument
  /** The index of the entry that is selected. */
  readonly at: number
  readonly onSelect: (at: number) => void
  /** Adds an expression as a variable; absent without a server. */
  readonly onExpression?: (text: string) => void
  /** More for the bar above the trace. */
  readonly children?: ComponentChildren
}

export function TraceView({ trace, at, onSelect, onExpression, children }: Props) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [compared, setCompared] = useState<number>()
  const table = useRef<HTMLTableElement>(null)
  // A lasso that ends in rest repeats its last state in an entry of its own.
  const count = trace.entries.length - (trace.endsInRest ? 1 : 0)
  const selected = Math.max(0, Math.min(at, count - 1))
  const timeline = useMemo(() => chosen.filter((name) => trace.variables.includes(name)), [trace, chosen])
  const toggle = (name: string): void =>
    setChosen(chosen.includes(name) ? chosen.filter((it) => it !== name) : [...chosen, name])

  const addExpression = (text: string): void => {
    if (!chosen.includes(text)) setChosen([...chosen, text])
    onExpression!(text)
  }

  /** Keys may come faster than the page is drawn. */
  const latest = useRef(selected)
  latest.current = selected
  const move = (by: number): void => {
    latest.current = Math.max(0, Math.min(latest.current + by, count - 1))
    onSelect(latest.current)
  }
  useKeys({ ArrowDown: () => move(1), ArrowUp: () => move(-1) })
  useEffect(() => {
    const row = table.current?.querySelector<HTMLElement>(`[data-entry="${selected}"]`)
    row?.scrollIntoView({ block: 'nearest' })
    // The reason is below the last row.
    if (selected === count - 1) table.current?.querySelector('.ending')?.scrollIntoView({ block: 'nearest' })
    if (table.current?.contains(document.activeElement) === true) row?.focus({ preventScroll: true })
  }, [selected, trace])

  const { lanes, entries, ending, headline, constants, loop } = trace
  const columns = lanes.length + 1 + timeline.length
  const tone = ending === null ? '' : ending.isGood ? 'good' : 'bad'
  return (
    <main class="trace">
      <section class="trace-steps" aria-label="Trace">
        <div class="trace-bar">
          <h2 class={tone} title={constants.map(([name, value]) => `${name}=${value}`).join(' ')}>
            {headline}
          </h2>
          <TimelineMenu
            variables={trace.variables}
            chosen={timeline}
            onToggle={toggle}
            onExpression={onExpression && addExpression}
          />
          {children}
        </div>
        <div class="trace-table">
          <table ref={table} role="grid" aria-label="Steps" class={lanes.length > FEW_LANES ? 'many-lanes' : undefined}>
            <thead>
              <tr>
                <th class="number" scope="col">
                  <span class="unseen">number</span>
                </th>
                {lanes.map(({ name }, index) => (
                  <th class={`lane hue h${index % 8}`} scope="col" key={index}>
                    <span title={name}>{name}</span>
                  </th>
                ))}
                <th class="effects" scope="col">
                  changes
                </th>
                {timeline.map((name) => (
                  <th class="timeline" scope="col" key={name}>
                    <button title="Remove from the timeline" onClick={() => toggle(name)}>
                      {name} <span aria-hidden="true">×</span>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry, index) => [
                index < count && (
                  <StepRow
                    key={index}
                    trace={trace}
                    index={index}
                    isSelected={index === selected}
                    isCompared={index === compared}
                    timeline={timeline}
                    onSelect={onSelect}
                  />
                ),
                ...entry.lasso.map((note) => (
                  <NoteRow key={note.text} note={note} columns={columns} isInLoop={loop !== null && index >= loop} />
                )),
              ])}
              {ending !== null && <EndRow ending={ending} entries={entries} columns={columns} onSelect={onSelect} />}
            </tbody>
          </table>
          <Asides trace={trace} />
        </div>
      </section>
      <ComparedState
        number={entries[selected]?.number === null ? '' : String(entries[selected]?.number ?? '')}
        at={selected}
        names={entries.slice(0, count).map(({ number, name }) => `${number ?? ''} ${name}`.trim())}
        parts={partsOf(trace, { chosen: new Set(timeline), label: 'show in the timeline', toggle })}
        onCompare={setCompared}
      />
    </main>
  )
}

/** The variables, after the values of an alias. */
function partsOf(trace: TraceViewDocument, choice: NonNullable<Part['choice']>): Part[] {
  const { entries, values } = trace
  const variables = { valuesAt: (at: number) => valuesAt(trace, trace, at), choice }
  if (entries[0]?.alias === null) return [{ title: '', ...variables }]
  const aliasAt = (at: number): NamedValues | undefined =>
    entries[at]?.alias?.map(([name, value]) => [name, values[value]!] as const)
  return [
    { title: 'alias', valuesAt: aliasAt },
    { title: 'variables', ...variables },
  ]
}

/** What a trace says below its steps. */
function Asides({ trace }: { readonly trace: TraceViewDocument }) {
  const { idle, fixed, judgement, options, warnings, again } = trace
  return (
    <div class="asides">
      {judgement.map((line) => (
        <p key={line} class="judgement">
          {line}
        </p>
      ))}
      {options.map((line) => (
        <p key={line} class={line.startsWith(' ') ? 'option' : ''}>
          {line}
        </p>
      ))}
      {warnings.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {idle.length > 0 && (
        <p class="faint">
          No step: <code>{idle.join(' · ')}</code>
        </p>
      )}
      {fixed.length > 0 && (
        <p class="faint">
          The same throughout: <code>{fixed.join(' · ')}</code>
        </p>
      )}
      {again !== null && (
        <p class="faint">
          Again: <code>{again}</code>
        </p>
      )}
    </div>
  )
}
