/** Searches for a state: by an expression, a violation, or the shortest way to the state that is shown. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Requests } from '../src/cli/explore/protocol.ts'
import { request } from './request.ts'
import { valuesAt } from './state-panel.tsx'
import type { WalkState } from './use-walk.ts'

type Asked = Pick<Requests['search']['body'], 'until' | 'from' | 'how'>

/** A search in progress. */
interface Running {
  readonly ending: AbortController
  readonly cancel: () => void
  readonly sinceMs: number
}

export function Find({ place, spec, position, go, fail }: WalkState) {
  const [expression, setExpression] = useState('')
  const [from, setFrom] = useState<Asked['from']>('here')
  const [how, setHow] = useState<Asked['how']>('shortest')
  const [running, setRunning] = useState<Running>()
  const [said, setSaid] = useState('')
  const menu = useRef<HTMLDetailsElement>(null)

  const search = async (asked: Asked): Promise<void> => {
    running?.cancel()
    fail(undefined)
    const ending = new AbortController()
    setRunning({ ending, cancel: () => ending.abort(), sinceMs: Date.now() })
    setSaid('')
    const { constants, path, at } = place
    const seed = Math.floor(Math.random() * 2 ** 31)
    try {
      const body = { constants, path, at, expression, seed, ...asked }
      const found = await request('search', body, ending.signal)
      if (ending.signal.aborted) return
      if (found.path === null) setSaid(notFound(found, asked))
      else {
        if (menu.current !== null) menu.current.open = false
        const { path: names } = found
        // The user may have gone elsewhere meanwhile.
        go((it) =>
          it.constants === constants
            ? { ...it, path: names, at: names.length - 1, loop: undefined, property: undefined }
            : it,
        )
      }
    } catch (thrown) {
      if (!ending.signal.aborted) fail(thrown)
    } finally {
      // Another search may have replaced this one.
      setRunning((it) => (it?.ending === ending ? undefined : it))
    }
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    if (expression.trim() !== '') void search({ until: 'expression', from, how })
  }

  return (
    <details class="menu find" name="menu" ref={menu}>
      <summary>Find</summary>
      <form class="popup" onSubmit={submit} aria-label="Find a state">
        <label class="wide">
          <span>A state in which</span>
          <input
            class="expression"
            name="expression"
            placeholder={exampleOf(spec, position)}
            value={expression}
            onInput={(event) => {
              setExpression(event.currentTarget.value)
              setSaid('')
            }}
            spellcheck={false}
            autocomplete="off"
          />
          <span class="faint">is true: TypeScript over {spec.variables.join(', ')}, and s for the state.</span>
        </label>
        <label>
          <span>by</span>
          <select value={how} onChange={(event) => setHow(event.currentTarget.value as Asked['how'])}>
            <option value="shortest">a shortest path</option>
            <option value="random">random steps</option>
          </select>
        </label>
        <label>
          <span>from</span>
          <select value={from} onChange={(event) => setFrom(event.currentTarget.value as Asked['from'])}>
            <option value="here">this state</option>
            <option value="start">the initial states</option>
          </select>
        </label>
        <button type="submit" disabled={expression.trim() === ''}>
          Find
        </button>
        <div class="wide row">
          <button
            type="button"
            disabled={running !== undefined}
            onClick={() => void search({ until: 'violation', from, how })}
          >
            Run to a violation
          </button>
          <button
            type="button"
            disabled={running !== undefined || place.at === 0}
            onClick={() => void search({ until: 'here', from: 'start', how: 'shortest' })}
          >
            Shortest path to this state
          </button>
        </div>
        {running !== undefined && (
          <p class="wide" role="status">
            Searching <Elapsed sinceMs={running.sinceMs} />{' '}
            <button type="button" onClick={running.cancel}>
              Cancel
            </button>
          </p>
        )}
        {said !== '' && (
          <p class="wide" role="status">
            {said}
          </p>
        )}
      </form>
    </details>
  )
}

/** An expression that fits the first variable. */
function exampleOf({ variables }: WalkState['spec'], position: WalkState['position']): string {
  const [name, value] = valuesAt(position, { variables }, position.at)?.[0] ?? ['x', undefined]
  if (value === undefined) return ''
  switch (value.kind) {
    case 'value':
      return `for example: ${name} === ${/^(\d+|true|false)$/.test(value.text) ? value.text : `'${value.text}'`}`
    case 'map':
      return `for example: ${name}.every((it) => it === ${name}.first())`
    default:
      return `for example: ${name}.size > 1`
  }
}

function notFound({ explored, isExhaustive }: Requests['search']['answer'], { until, from, how }: Asked): string {
  const what = until === 'violation' ? 'a violation' : 'such a state'
  const counted = explored.toLocaleString('en')
  if (how === 'random') return `Kripke took ${counted} random steps and did not find ${what}.`
  const where = from === 'here' ? 'from this state' : 'from the initial states'
  return isExhaustive
    ? `Kripke explored all ${counted} states ${where} and did not find ${what}.`
    : `Kripke explored ${counted} states ${where}, but not all, and did not find ${what}.`
}

/** The seconds since a moment. */
function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 200)
    return () => clearInterval(timer)
  }, [])
  return <>{((Date.now() - sinceMs) / 1000).toFixed(1)} s</>
}
