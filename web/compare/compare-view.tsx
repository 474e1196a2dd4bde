/** The verdicts with the values of some constants, such as designs, as a table. */
import { useEffect, useState } from 'preact/hooks'
import type { CompareDocument, VariantDocument } from '../../src/cli/explore/protocol.ts'
import { ErrorText } from '../error-text.tsx'
import { START } from '../place.ts'
import { UNANSWERED, request, type RequestError } from '../request.ts'
import type { WalkState } from '../use-walk.ts'
import { Cell } from './cell.tsx'
import './compare.css'

/** How often to ask for the progress, at first and at most. */
const FIRST_MS = 200
const LONGEST_MS = 1500

/** The constants to vary. They outlive the view, which another view may replace for a while. */
let chosen: readonly string[] = []

export function CompareView({ place, spec, position, go, fail }: WalkState) {
  const [vary, setVary] = useState(chosen)
  const [found, setFound] = useState<CompareDocument>()
  const [refusal, setRefusal] = useState<RequestError>()
  chosen = vary
  // Another version of the spec may lack a constant.
  const known = vary.filter((name) => spec.constants.some((it) => it.name === name))

  useEffect(() => {
    let isOver = false
    let waitMs = FIRST_MS
    const ask = async (): Promise<void> => {
      try {
        const answer = await request('compare', { constants: place.constants, vary: known })
        if (isOver) return
        setFound(answer)
        setRefusal(undefined)
        if (answer.variants.every(({ state }) => state === 'done')) return
        setTimeout(() => isOver || void ask(), (waitMs = Math.min(LONGEST_MS, waitMs * 1.3)))
      } catch (thrown) {
        if (isOver) return
        setRefusal(thrown as RequestError)
        if ((thrown as RequestError).code === UNANSWERED) setTimeout(() => isOver || void ask(), LONGEST_MS)
      }
    }
    void ask()
    return () => {
      isOver = true
    }
  }, [position, known.join()])

  const open = ({ constants }: VariantDocument): void => go({ ...START, view: 'walk', constants })
  const openTrace = ({ constants }: VariantDocument, property: string): void => {
    request('trace', { constants, property }).then(
      ({ path, loop }) =>
        go({ view: 'trace', constants, path, at: path.length - 1, loop: loop ?? undefined, property }),
      fail,
    )
  }
  // Without a choice the server chooses.
  const varied = known.length > 0 ? known : (found?.vary ?? [])

  return (
    <main class="compare">
      <section aria-label="Compare">
        {spec.constants.length === 0 && <p class="faint">This spec has no constants, so there is nothing to vary.</p>}
        {found !== undefined && spec.constants.length > 0 && (
          <fieldset class="vary">
            <legend>Vary</legend>
            {found.choices.map(({ name, values }) => (
              <label key={name} class={values === null ? 'faint' : undefined}>
                <input
                  type="checkbox"
                  checked={varied.includes(name)}
                  // The last one stays.
                  disabled={values === null || (varied.length === 1 && varied[0] === name)}
                  onChange={({ currentTarget: { checked } }) =>
                    setVary(checked ? [...varied, name] : varied.filter((it) => it !== name))
                  }
                />
                {name} <span class="faint">{values ?? 'too many values'}</span>
              </label>
            ))}
          </fieldset>
        )}
        {refusal !== undefined && <ErrorText error={refusal} />}
        {refusal === undefined && found !== undefined && found.variants.length > 0 && (
          <Matrix found={found} onOpen={open} onTrace={openTrace} />
        )}
        {refusal === undefined && found?.variants.length === 0 && spec.constants.length > 0 && (
          <p class="faint">Choose a constant to vary.</p>
        )}
      </section>
    </main>
  )
}

function Matrix({
  found,
  onOpen,
  onTrace,
}: {
  readonly found: CompareDocument
  readonly onOpen: (variant: VariantDocument) => void
  readonly onTrace: (variant: VariantDocument, property: string) => void
}) {
  const { vary, properties, variants } = found
  const done = variants.filter(({ state }) => state === 'done').length
  return (
    <>
      <div class="matrix">
        <table>
          <thead>
            <tr>
              {vary.map((name) => (
                <th key={name} scope="col" class="varied">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span class="unseen">open</span>
              </th>
              {properties.map(({ name, kind }) => (
                <th key={name} scope="col">
                  {name}
                  <span class="kind">{kind}</span>
                </th>
              ))}
              <th scope="col" class="count">
                states
              </th>
              <th scope="col" class="count">
                seconds
              </th>
            </tr>
          </thead>
          <tbody>
            {variants.map((variant) => {
              const { values, isCurrent, state, distinct, seconds, cells, failure } = variant
              const label = vary.map((name, index) => `${name}=${values[index]}`).join(' ')
              return (
                <tr key={label} class={`${state}${isCurrent ? ' is-current' : ''}`}>
                  {values.map((value, index) => (
                    <th key={index} scope="row" class="varied" aria-current={isCurrent ? 'true' : undefined}>
                      {value}
                    </th>
                  ))}
                  <td>
                    <button onClick={() => onOpen(variant)} aria-label={`Open ${label}`} title={`Walk with ${label}`}>
                      Open
                    </button>
                  </td>
                  {failure === null ? (
                    cells.map((cell, index) => (
                      <Cell
                        key={index}
                        cell={cell}
                        state={state}
                        property={properties[index]!}
                        variant={label}
                        onTrace={() => onTrace(variant, properties[index]!.name)}
                      />
                    ))
                  ) : (
                    <td colspan={properties.length} class="failure">
                      {failure.code}: {failure.message}
                    </td>
                  )}
                  <td class="count">{state === 'waiting' ? '' : distinct.toLocaleString('en')}</td>
                  <td class="count">{state === 'waiting' ? '' : seconds.toFixed(seconds < 0.1 ? 2 : 1)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p class="faint progress" role="status">
        {done === variants.length
          ? `All ${done} variants are checked.`
          : `${done} of ${variants.length} variants are checked.`}{' '}
        A click on ✗ or on a reached goal opens its trace.
      </p>
    </>
  )
}
