/** The page of `kripke explore`. */
import { render } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { PositionDocument, SpecDocument } from '../src/cli/explore/protocol.ts'
import type { DisabledDocument } from '../src/report/json/walk.ts'
import { ConstantsForm } from './constants.tsx'
import { Path } from './path.tsx'
import { Properties } from './properties.tsx'
import { START, fromFragment, movedTo, toFragment, withStep, type Place } from './place.ts'
import { request, type RequestError } from './request.ts'
import { Steps } from './steps.tsx'
import { StateTree } from './value-tree.tsx'
import './style.css'

const KEYS: readonly (readonly [key: string, meaning: string])[] = [
  ['↑ ↓', 'select a step'],
  ['Enter', 'take it'],
  ['← or u', 'undo'],
  ['→', 'redo'],
  ['Home', 'to the initial state'],
  ['End', 'to the end of the path'],
  ['r', 'a random step'],
  ['?', 'these keys'],
]

function App() {
  const [place, setPlace] = useState<Place>(() => fromFragment(location.hash))
  const [spec, setSpec] = useState<SpecDocument>()
  const [position, setPosition] = useState<PositionDocument>()
  const [error, setError] = useState<RequestError>()
  const [selected, setSelected] = useState(0)
  const [disabled, setDisabled] = useState<readonly DisabledDocument[]>()
  const [isWhyOpen, setWhyOpen] = useState(false)
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [said, setSaid] = useState('')
  /** The number of the last request, so that a late answer is not shown. */
  const latest = useRef(0)

  const shown = { constants: place.constants, path: place.path.slice(0, place.at + 1) }

  const load = useCallback(async (wanted: Place) => {
    const number = ++latest.current
    try {
      const body = { constants: wanted.constants, path: wanted.path.slice(0, wanted.at + 1) }
      const [found, about] = await Promise.all([
        request('position', body),
        request('spec', { constants: wanted.constants }),
      ])
      if (number !== latest.current) return
      setPosition(found)
      setSpec(about)
      setError(undefined)
      setSelected(0)
      setDisabled(undefined)
      // The server names the first initial state, and a path that departs is cut.
      const isCut = found.departure !== null
      const path = isCut || wanted.path.length === 0 ? found.path : wanted.path
      const next = { ...wanted, path, at: Math.min(wanted.at, path.length - 1) }
      setPlace(next)
      history.replaceState(null, '', `${location.pathname}${location.search}#${toFragment(next)}`)
    } catch (thrown) {
      if (number === latest.current) setError(thrown as RequestError)
    }
  }, [])

  useEffect(() => {
    void load(place)
    const follow = (): void => void load(fromFragment(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])

  const go = (next: Place): void => void load(next)
  const take = (name: string): void => go(withStep(place, name))
  const random = async (steps: number): Promise<void> => {
    try {
      const found = await request('random', { ...shown, steps, seed: Math.floor(Math.random() * 2 ** 31) })
      go({ ...place, path: found.path, at: found.path.length - 1, loop: undefined })
    } catch (thrown) {
      setError(thrown as RequestError)
    }
  }
  const why = async (): Promise<void> => {
    try {
      setDisabled((await request('disabled', shown)).disabled)
    } catch (thrown) {
      setError(thrown as RequestError)
    }
  }
  const openTrace = async (property: string): Promise<void> => {
    try {
      const { path, loop } = await request('trace', { constants: place.constants, property })
      go({ ...place, path, at: path.length - 1, loop: loop ?? undefined })
    } catch (thrown) {
      setError(thrown as RequestError)
    }
  }
  const copyLink = async (): Promise<void> => {
    await navigator.clipboard?.writeText(location.href)
    setSaid('The link is copied.')
  }

  useEffect(() => {
    if (isWhyOpen && disabled === undefined && position !== undefined) void why()
  }, [isWhyOpen, position])

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return
      const steps = position?.steps.enabled ?? []
      const act: { readonly [key: string]: () => void } = {
        ArrowDown: () => setSelected(Math.min(selected + 1, steps.length - 1)),
        ArrowUp: () => setSelected(Math.max(0, selected - 1)),
        Enter: () => steps[selected] !== undefined && take(steps[selected].name),
        ArrowLeft: () => go(movedTo(place, place.at - 1)),
        u: () => go(movedTo(place, place.at - 1)),
        ArrowRight: () => go(movedTo(place, place.at + 1)),
        Home: () => go(movedTo(place, 0)),
        End: () => go(movedTo(place, place.path.length - 1)),
        r: () => void random(1),
        '?': () => setHelpOpen(!isHelpOpen),
        Escape: () => setHelpOpen(false),
      }
      const found = act[event.key]
      if (found === undefined) return
      event.preventDefault()
      found()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })

  useEffect(() => document.querySelector(`[data-step="${selected}"]`)?.scrollIntoView({ block: 'nearest' }), [selected])

  const entry = position?.entries[position.entries.length - 1]
  const before = position?.entries[position.entries.length - 2]
  return (
    <div class="page">
      <header>
        <h1 title={spec?.doc}>{spec?.spec ?? 'Kripke'}</h1>
        {spec && position && (
          <ConstantsForm
            key={toFragment({ ...START, constants: position.constants })}
            spec={spec}
            values={position.constants}
            onChange={(constants) => go({ ...place, constants })}
          />
        )}
        <nav aria-label="Path">
          <button onClick={() => go(movedTo(place, 0))} disabled={place.at === 0}>
            Restart
          </button>
          <button onClick={() => go(movedTo(place, place.at - 1))} disabled={place.at === 0}>
            Undo
          </button>
          <button onClick={() => go(movedTo(place, place.at + 1))} disabled={place.at >= place.path.length - 1}>
            Redo
          </button>
          <button onClick={() => void random(1)}>Random step</button>
          <button onClick={() => void random(20)}>20 steps</button>
          <button onClick={() => void copyLink()}>Copy link</button>
          <button onClick={() => setHelpOpen(!isHelpOpen)} aria-expanded={isHelpOpen} aria-label="Keys">
            ?
          </button>
        </nav>
      </header>
      <Properties constants={place.constants} onTrace={(property) => void openTrace(property)} />
      <div role="status" class="status">
        {error && (
          <p class="error">
            {error.code === '' ? '' : `${error.code}: `}
            {error.message}
            {error.hint !== undefined && <span class="hint">{error.hint}</span>}
          </p>
        )}
        {position?.departure && (
          <p class="error">
            Step {position.departure.index}, {position.departure.name}, is not possible here.
            {position.departure.failed && ` It fails: ${position.departure.failed.message}`}
          </p>
        )}
        {said !== '' && <p class="said">{said}</p>}
      </div>
      {isHelpOpen && (
        <dl class="keys">
          {KEYS.map(([key, meaning]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
      {position && (
        <main>
          <Steps
            steps={position.steps}
            selected={selected}
            onSelect={setSelected}
            onTake={take}
            disabled={disabled}
            onDisabled={setWhyOpen}
          />
          <section class="now" aria-label="State">
            <h2>
              State <span class="count">{position.entries.length - 1}</span>
              {entry?.verdicts.map(({ property, kind, isGood }) => (
                <span class={isGood ? 'chip good' : 'chip bad'} key={property}>
                  {isGood ? `${property} is reached` : kind === 'deadlock' ? 'deadlock' : `${property} is violated`}
                </span>
              ))}
              {entry?.step?.violates.map(({ property }) => (
                <span class="chip bad" key={property}>
                  the step violates {property}
                </span>
              ))}
            </h2>
            {entry && <StateTree state={entry.state} before={before?.state} />}
          </section>
          <Path
            entries={position.entries}
            path={place.path}
            at={place.at}
            loop={place.loop}
            onGo={(at) => go(movedTo(place, at))}
          />
        </main>
      )}
    </div>
  )
}

render(<App />, document.body)
