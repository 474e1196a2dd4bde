/** The path so far, an entry for each state. */
import type { EntryDocument } from '../src/report/json/walk.ts'
import { VirtualList } from './virtual-list.tsx'

/** Changes that a row shows. */
const MAX_CHANGES = 3

interface Props {
  readonly entries: readonly EntryDocument[]
  /** Names of the path; those after the entries are not loaded. */
  readonly path: readonly string[]
  readonly at: number
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop: number | undefined
  readonly onGo: (at: number) => void
}

function Entry({
  name,
  entry,
  index,
  at,
  onGo,
}: Pick<Props, 'at' | 'onGo'> & {
  readonly name: string
  readonly entry: EntryDocument | undefined
  readonly index: number
}) {
  const isBad =
    entry !== undefined && (entry.verdicts.some(({ isGood }) => !isGood) || (entry.step?.violates.length ?? 0) > 0)
  const isGood = entry?.verdicts.some((verdict) => verdict.isGood) === true
  const tone = isBad ? ' is-bad' : isGood ? ' is-good' : ''
  const changes = entry?.step?.changes ?? []
  return (
    <button
      class={`entry-button${index > at ? ' future' : ''}${tone}`}
      aria-current={index === at ? 'step' : undefined}
      onClick={() => onGo(index)}
    >
      <span class="number">{index}</span>
      <span class="call">{name}</span>
      <span class="changes">
        {changes.slice(0, MAX_CHANGES).map(({ path, text }) => (
          <span class="change" key={path}>
            <span class="path">{path}</span> {text}
          </span>
        ))}
        {changes.length > MAX_CHANGES && <span class="faint">and {changes.length - MAX_CHANGES} more</span>}
      </span>
    </button>
  )
}

export function Path({ entries, path, at, loop, onGo }: Props) {
  return (
    <section class="path" aria-label="Path">
      <h2>
        Path <span class="count">{Math.max(0, path.length - 1)} steps</span>
      </h2>
      <VirtualList
        count={path.length}
        rowHeight={52}
        keyOf={(index) => index}
        shown={at}
        rowClass={(index) => (loop !== undefined && index >= loop ? 'cycle' : undefined)}
        render={(index) => <Entry name={path[index]!} entry={entries[index]} index={index} at={at} onGo={onGo} />}
      />
      {loop !== undefined && (
        <p class="loop">
          <button onClick={() => onGo(loop)}>↺ and again from {loop}</button>
        </p>
      )}
    </section>
  )
}
