/** The properties with the verdicts of a check that runs in the background. */
import type { CheckDocument } from '../src/cli/explore/protocol.ts'
import { isBad, signOf } from './verdict.ts'

interface Props {
  readonly check: CheckDocument | undefined
  /** Opens the trace of a property. */
  readonly onTrace: (property: string) => void
}

export function Properties({ check, onTrace }: Props) {
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
            {signOf(result)} {name}
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
