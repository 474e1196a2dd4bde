/** The page of `--trace html:file`: traces that are part of it. */
import { render } from 'preact'
import { useState } from 'preact/hooks'
import type { TracePageDocument } from '../../src/report/trace-html.ts'
import '../style.css'
import { useKeys } from '../use-keys.ts'
import { TraceView } from './trace-view.tsx'

function TracePage({ spec, constants, version, traces }: TracePageDocument) {
  // A violation, if there is one.
  const [shown, setShown] = useState(() =>
    Math.max(
      0,
      traces.findIndex(({ ending }) => ending?.isGood !== true),
    ),
  )
  const trace = traces[shown]
  const last = (trace?.entries.length ?? 1) - 1
  const [at, setAt] = useState(last)
  const show = (index: number): void => {
    setShown(index)
    setAt(traces[index]!.entries.length - 1)
  }
  useKeys({ Home: () => setAt(0), End: () => setAt(last) })
  return (
    <div class="page">
      <header>
        <h1>{spec}</h1>
        <span class="constants-text">{constants.map(([name, value]) => `${name}=${value}`).join(' ')}</span>
        <span class="version">Kripke {version}</span>
      </header>
      {traces.length > 1 && (
        <nav class="tabs chooser" aria-label="Traces">
          {traces.map(({ headline, property, ending }, index) => (
            <button
              key={index}
              class={ending?.isGood === true ? 'property good' : 'property bad'}
              aria-current={index === shown ? 'true' : undefined}
              title={headline}
              onClick={() => show(index)}
            >
              {ending?.isGood === true ? '✓' : '✗'} {property}
            </button>
          ))}
        </nav>
      )}
      {trace === undefined ? (
        <p class="none">There is no counterexample.</p>
      ) : (
        <TraceView key={shown} trace={trace} at={at} onSelect={setAt} />
      )}
    </div>
  )
}

const data = document.getElementById('traces')!.textContent
render(<TracePage {...(JSON.parse(data) as TracePageDocument)} />, document.body)
