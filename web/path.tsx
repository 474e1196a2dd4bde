/** The path so far, an entry for each state. */
import { useEffect, useRef } from 'preact/hooks'
import type { EntryDocument } from '../src/report/json/walk.ts'

interface Props {
  readonly entries: readonly EntryDocument[]
  /** Names of the path; those after the entries are not loaded. */
  readonly path: readonly string[]
  readonly at: number
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop: number | undefined
  readonly onGo: (at: number) => void
}

export function Path({ entries, path, at, loop, onGo }: Props) {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => list.current?.querySelector('[aria-current=step]')?.scrollIntoView({ block: 'nearest' }), [at])
  return (
    <section class="path" aria-label="Path">
      <h2>
        Path <span class="count">{Math.max(0, path.length - 1)} steps</span>
      </h2>
      <ol ref={list} start={0}>
        {path.map((name, index) => {
          const entry = entries[index]
          const bad = entry?.verdicts.some(({ isGood }) => !isGood) === true
          const good = entry?.verdicts.some(({ isGood }) => isGood) === true
          const violates = entry?.step?.violates.length ?? 0
          return (
            <li key={index} class={loop !== undefined && index >= loop ? 'cycle' : undefined}>
              <button
                class={`entry-button${index > at ? ' future' : ''}${bad || violates > 0 ? ' is-bad' : good ? ' is-good' : ''}`}
                aria-current={index === at ? 'step' : undefined}
                onClick={() => onGo(index)}
              >
                <span class="number">{index}</span>
                <span class="call">{name}</span>
                {entry?.step && (
                  <span class="changes">
                    {entry.step.changes.slice(0, 3).map(({ path: place, text }) => (
                      <span class="change" key={place}>
                        <span class="path">{place}</span> {text}
                      </span>
                    ))}
                    {entry.step.changes.length > 3 && (
                      <span class="faint">and {entry.step.changes.length - 3} more</span>
                    )}
                  </span>
                )}
              </button>
            </li>
          )
        })}
      </ol>
      {loop !== undefined && (
        <p class="loop">
          <button onClick={() => onGo(loop)}>↺ and again from {loop}</button>
        </p>
      )}
    </section>
  )
}
