/** The whole page: what all views share, and the view that is chosen. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { CompareView } from './compare/compare-view.tsx'
import { ConstantsForm } from './constants.tsx'
import { ErrorText } from './error-text.tsx'
import { Find } from './find.tsx'
import { GraphView } from './graph/graph-view.tsx'
import { START, VIEWS, movedTo, toFragment, type View } from './place.ts'
import { Properties } from './properties.tsx'
import { request } from './request.ts'
import { useCheck } from './use-check.ts'
import { ExploredTrace } from './trace-view/explored-trace.tsx'
import { useKeys } from './use-keys.ts'
import { useWalk, type WalkState } from './use-walk.ts'
import { WalkView } from './walk-view.tsx'

const KEYS: readonly (readonly [key: string, meaning: string])[] = [
  ['↑ ↓', 'select a step'],
  ['Enter', 'take it'],
  ['← or u', 'undo'],
  ['→', 'redo'],
  ['Home', 'to the initial state'],
  ['End', 'to the end of the path'],
  ['r', 'a random step'],
  ['/', 'find a state'],
  ['1 2 3 4', 'walk, trace, graph, compare'],
  ['+ - 0', 'the size of the graph'],
  ['?', 'these keys'],
]

const SHOWN: {
  readonly [V in View]?: { readonly name: string; readonly view: (walk: WalkState) => preact.JSX.Element }
} = {
  walk: { name: 'Walk', view: WalkView },
  trace: { name: 'Trace', view: ExploredTrace },
  graph: { name: 'Graph', view: GraphView },
  compare: { name: 'Compare', view: CompareView },
}

function openFind(): void {
  const menu = document.querySelector<HTMLDetailsElement>('.find')
  if (menu === null) return
  menu.open = true
  menu.querySelector('input')?.focus()
}

/** Closes the open menus, except the one that contains `inside`. */
function closeMenus(inside: Node | undefined): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    if (inside === undefined || !menu.contains(inside)) menu.open = false
  }
}

export function App() {
  const { place, spec, position, error, version, latest, go, fail } = useWalk()
  const check = useCheck(place.constants, version.version)
  const [isHelpOpen, setHelpOpen] = useState(false)
  const [said, setSaid] = useState('')
  const queue = useRef(Promise.resolve())
  const opened = useRef<string | undefined>(undefined)

  /** Random steps one after another, because each begins where the one before ended. */
  const random = (steps: number): void => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    queue.current = queue.current
      .then(async () => {
        const { constants, path, at } = latest()
        const found = await request('random', { constants, path, at, steps, seed })
        go((it) => {
          const isSame = it.path === path && it.constants === constants
          return isSame
            ? { ...it, path: found.path, at: found.path.length - 1, loop: undefined, property: undefined }
            : it
        })
      })
      .catch(fail)
  }
  const openTrace = (property: string): void => {
    request('trace', { constants: place.constants, property }).then(({ path, loop }) => {
      const view = place.view === 'walk' ? 'trace' : place.view
      go({ ...place, view, path, at: path.length - 1, loop: loop ?? undefined, property })
    }, fail)
  }
  // An address may name a property alone. Then its trace is opened once the check has found it.
  const { property } = place
  const wanted = JSON.stringify([property, place.constants, version.version])
  const isWanted = property !== undefined && place.path.length <= 1 && opened.current !== wanted
  const isFound = isWanted && check?.properties.some(({ name, hasTrace }) => name === property && hasTrace) === true
  useEffect(() => {
    if (!isFound) return
    opened.current = wanted
    openTrace(property)
  }, [isFound])
  const copyLink = async (): Promise<void> => {
    await navigator.clipboard?.writeText(location.href)
    setSaid('The link is copied.')
  }
  const views = VIEWS.filter((name) => SHOWN[name] !== undefined)

  useKeys({
    ArrowLeft: () => go((it) => movedTo(it, it.at - 1)),
    u: () => go((it) => movedTo(it, it.at - 1)),
    ArrowRight: () => go((it) => movedTo(it, it.at + 1)),
    Home: () => go((it) => movedTo(it, 0)),
    End: () => go((it) => movedTo(it, it.path.length - 1)),
    r: () => random(1),
    '/': openFind,
    '?': () => setHelpOpen(!isHelpOpen),
    Escape: () => setHelpOpen(false),
    ...Object.fromEntries(views.map((view, index) => [`${index + 1}`, () => go((it) => ({ ...it, view }))])),
  })

  // Menus close by Escape, also in their fields, and by a click elsewhere.
  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') closeMenus(undefined)
    }
    const onPointer = ({ target }: PointerEvent): void => closeMenus(target as Node)
    addEventListener('keydown', onKey)
    addEventListener('pointerdown', onPointer)
    return () => {
      removeEventListener('keydown', onKey)
      removeEventListener('pointerdown', onPointer)
    }
  }, [])

  const { view: ShownView } = SHOWN[place.view] ?? SHOWN.walk!
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
          <button onClick={() => random(1)}>Random step</button>
          <button onClick={() => random(20)}>20 steps</button>
          {spec && position && <Find place={place} spec={spec} position={position} go={go} fail={fail} />}
          <button onClick={() => void copyLink()}>Copy link</button>
          <button onClick={() => setHelpOpen(!isHelpOpen)} aria-expanded={isHelpOpen} aria-label="Keys">
            ?
          </button>
        </nav>
      </header>
      <div class="bar">
        {views.length > 1 && (
          <nav class="tabs" aria-label="Views">
            {views.map((view) => (
              <button
                key={view}
                aria-current={view === place.view ? 'page' : undefined}
                onClick={() => go({ ...place, view })}
              >
                {SHOWN[view]!.name}
              </button>
            ))}
          </nav>
        )}
        <Properties check={check} onTrace={openTrace} />
      </div>
      <div role="status" class="status">
        {version.failure && <ErrorText error={version.failure} lead="The saved spec was not loaded" />}
        {error && <ErrorText error={error} />}
        {position?.departure && (
          <p class="error">
            {position.departure.name} is not enabled at step {position.departure.index}.
            {position.departure.failed && ` It fails: ${position.departure.failed.message}`}
          </p>
        )}
        {isWanted && check?.isRunning === true && (
          <p class="said">The check has not found a trace of {property} yet.</p>
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
      {spec && position && <ShownView place={place} spec={spec} position={position} go={go} fail={fail} />}
    </div>
  )
}
