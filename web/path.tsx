/** The path so far, an entry for each state. */
import { useMemo } from 'preact/hooks'
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
  /** Closes a cycle at the end: the last entry returns to the one at `loop`. */
  readonly onClose: (loop: number) => void
  /** Ends the path with a step that changes nothing, again and again. */
  readonly onRest: () => void
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

/** The earliest entry before the last one that has its state. */
function earlierSame(entries: readonly EntryDocument[]): number {
  const last = entries.at(-1)
  const isSame = ({ state }: EntryDocument): boolean => state.every((value, index) => value === last!.state[index])
  return last === undefined ? -1 : entries.slice(0, -1).findIndex(isSame)
}

export function Path({ entries, path, at, loop, onGo, onClose, onRest }: Props) {
  const same = useMemo(() => earlierSame(entries), [entries])
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
      {loop !== undefined ? (
        <p class="loop">
          <button onClick={() => onGo(loop)}>↺ and again from {loop}</button>
        </p>
      ) : (
        <p class="loop">
          {same >= 0 && (
            <button onClick={() => onClose(same)} title="Make a cycle, and judge the temporal properties on it">
              ↺ Same state as {same}: repeat from there
            </button>
          )}
          {at === path.length - 1 && (
            <button onClick={onRest} title="Let nothing more happen, and judge the temporal properties on it">
              ↺ Stutter forever
            </button>
          )}
        </p>
      )}
    </section>
  )
}
