/** The properties with the verdicts of a check that runs in the background. */
import { useEffect, useState } from 'preact/hooks'
import type { CheckDocument } from '../src/cli/explore/protocol.ts'
import { request, type RequestError } from './request.ts'

/** How often to ask for the progress of a check, at first and at most. */
const FIRST_MS = 150
const LONGEST_MS = 1500

interface Props {
  readonly constants: { readonly [name: string]: string }
  readonly version: number
  /** Opens the trace of a property. */
  readonly onTrace: (property: string) => void
}

const SIGNS: { readonly [result: string]: string } = {
  holds: '✓',
  reached: '✓',
  violated: '✗',
  unreached: '✗',
  unknown: '?',
}

function isBad(result: string): boolean {
  return result === 'violated' || result === 'unreached'
}

export function Properties({ constants, version, onTrace }: Props) {
  const [check, setCheck] = useState<CheckDocument>()
  const key = JSON.stringify([version, constants])
  useEffect(() => {
    let isOver = false
    let waitMs = FIRST_MS
    setCheck(undefined)
    const ask = async (): Promise<void> => {
      try {
        const found = await request('check', { constants })
        if (isOver) return
        setCheck(found)
        if (found.isRunning) setTimeout(() => void ask(), (waitMs = Math.min(LONGEST_MS, waitMs * 1.5)))
      } catch (thrown) {
        const { code, message } = thrown as RequestError
        if (!isOver)
          setCheck({ isRunning: false, distinct: 0, depth: 0, seconds: 0, properties: [], failure: { code, message } })
      }
    }
    void ask()
    return () => {
      isOver = true
    }
  }, [key])
  if (check === undefined) return null
  const { isRunning, distinct, depth, seconds, properties, failure } = check
  return (
    <div class="properties" aria-label="Properties" aria-live="polite">
      {isRunning && (
        <span class="faint">
          Checking: {distinct.toLocaleString('en')} states, {depth} levels, {seconds.toFixed(1)} s ...
        </span>
      )}
      {properties.map(({ name, kind, result, reason, hasTrace }) => {
        const label = (
          <>
            {SIGNS[result] ?? ''} {name}
          </>
        )
        const tone = isBad(result) ? 'bad' : result === 'unknown' ? '' : 'good'
        return hasTrace ? (
          <button
            key={name}
            class={`property ${tone}`}
            onClick={() => onTrace(name)}
            title={`${kind}: ${result}. Show the trace`}
          >
            {label}
          </button>
        ) : (
          <span
            key={name}
            class={`property ${tone}`}
            title={`${kind}: ${result}${reason === null ? '' : `, ${reason}`}`}
          >
            {label}
          </span>
        )
      })}
      {!isRunning && failure === null && (
        <span class="faint">
          {distinct.toLocaleString('en')} states, {seconds.toFixed(1)} s
        </span>
      )}
      {failure !== null && (
        <span class="bad">
          The check ended: {failure.message} {failure.code !== '' && `(${failure.code})`}
        </span>
      )}
    </div>
  )
}
