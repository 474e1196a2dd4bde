/** The view of the explorer that shows its path as a trace, and saves it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { SaveFormat } from '../../src/cli/explore/protocol.ts'
import type { TraceViewDocument } from '../../src/report/json/trace-view.ts'
import { movedTo } from '../place.ts'
import { request } from '../request.ts'
import type { WalkState } from '../use-walk.ts'
import { useExpressions, withExpressions } from './expressions.ts'
import { TraceView } from './trace-view.tsx'

const FORMATS: readonly (readonly [format: SaveFormat, name: string, title: string])[] = [
  ['itf', 'ITF', 'Save in the Informal Trace Format, for kripke replay and other tools'],
  ['mermaid', 'Mermaid', 'Save as a Mermaid diagram'],
  ['html', 'HTML', 'Save as a page that needs nothing else'],
]

export function ExploredTrace({ place, position, go, fail }: WalkState) {
  const { constants, path, loop, property } = place
  const [trace, setTrace] = useState<TraceViewDocument>()
  // A row is selected at once, and the rest of the page follows.
  const [at, setAt] = useState(place.at)
  /** The entries that were selected here, until the page is at the last of them. */
  const pending = useRef<number[]>([])
  useEffect(() => {
    // The answer to an earlier selection must not undo a later one.
    if (pending.current.at(-1) !== place.at && pending.current.includes(place.at)) return
    pending.current = []
    setAt(place.at)
  }, [place.at, path])

  // The entries differ if the spec was saved again.
  const asked = JSON.stringify([constants, path, loop, property, position.entries])
  useEffect(() => {
    let isOver = false
    request('lanes', { constants, path, loop, property }).then((found) => isOver || setTrace(found), fail)
    return () => {
      isOver = true
    }
  }, [asked])

  const { evaluated, add } = useExpressions(place, asked, fail)
  const shown = useMemo(() => trace && withExpressions(trace, evaluated), [trace, evaluated])

  const select = (index: number): void => {
    setAt(index)
    pending.current.push(index)
    go(movedTo(place, index))
  }
  const save = (format: SaveFormat): void => {
    request('save', { constants, path, loop, property, format }).then(download, fail)
  }
  if (shown === undefined) return <main class="trace" aria-busy="true" />
  return (
    <TraceView trace={shown} at={at} onSelect={select} onExpression={add}>
      <span class="save" role="group" aria-label="Save">
        <span class="faint">Save:</span>
        {FORMATS.map(([format, name, title]) => (
          <button key={format} title={title} aria-label={title} onClick={() => save(format)}>
            {name}
          </button>
        ))}
      </span>
    </TraceView>
  )
}

function download({ name, type, text }: { readonly name: string; readonly type: string; readonly text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to save it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
