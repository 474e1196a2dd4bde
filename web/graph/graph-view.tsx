/** The state graph: around the current state, whole, or merged by some variables. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { GraphDocument, GraphNodeDocument } from '../../src/report/json/graph-view.ts'
import { movedTo } from '../place.ts'
import { request, type RequestError } from '../request.ts'
import { StatePanel } from '../state-panel.tsx'
import type { WalkState } from '../use-walk.ts'
import { Drawing, type Tone } from './drawing.tsx'
import { EXPRESSION, GraphControls, type Choice } from './graph-controls.tsx'
import './graph.css'
import { layoutTask } from './labels.ts'
import { useLayout } from './use-layout.ts'

/** More nodes than this begin without the names of steps. */
const MAX_NAMED = 60

/** The choices outlive the view, which another view may replace for a while. */
let chosen: Choice = { scope: 'around', steps: 2, project: [], color: '', expression: '', areNamed: undefined }

export function GraphView({ place, spec, position, go, fail }: WalkState) {
  const [choice, setChoice] = useState(chosen)
  const [graph, setGraph] = useState<GraphDocument>()
  const [refusal, setRefusal] = useState<RequestError>()
  const [isPending, setPending] = useState(false)
  const { scope, steps, color } = choice
  const expression = color === EXPRESSION ? choice.expression : ''
  // Another version of the spec may lack a variable.
  const project = choice.project.filter((name) => spec.variables.includes(name))
  chosen = choice

  useEffect(() => {
    let isOver = false
    const { constants, path } = place
    const body = {
      constants,
      path,
      at: position.at,
      scope,
      steps,
      expression,
      project: scope === 'whole' ? project : [],
    }
    setPending(true)
    request('graph', body).then(
      (found) => {
        if (isOver) return
        setPending(false)
        setGraph(found)
        setRefusal(undefined)
      },
      (thrown: RequestError) => {
        if (isOver) return
        setPending(false)
        if (thrown.code !== 'KR403') return fail(thrown)
        setRefusal(thrown)
        setGraph(undefined)
      },
    )
    return () => {
      isOver = true
    }
  }, [position, scope, steps, project.join(), expression])

  const areNamed = choice.areNamed ?? (graph !== undefined && graph.nodes.length <= MAX_NAMED)
  const toTask = useCallback((it: GraphDocument) => layoutTask(it, areNamed), [areNamed])
  const laidOut = useLayout(graph, toTask)
  const toneOf = useMemo(() => tonesBy(color), [color])

  const goTo = (index: number): void => {
    const { entry, way } = laidOut!.of.nodes[index]!
    if (entry !== null) return go(movedTo(place, entry))
    const along = (path: readonly string[]): void =>
      go({ ...place, path, at: path.length - 1, loop: undefined, property: undefined })
    if (way !== null) return along([...position.path.slice(0, way.at + 1), ...way.names])
    request('way', { constants: place.constants, project, node: index }).then(({ path }) => along(path), fail)
  }

  return (
    <main class="graph">
      <section class="graph-main" aria-label="Graph">
        <GraphControls
          choice={choice}
          areNamed={areNamed}
          graph={isPending || (graph !== undefined && laidOut?.of !== graph) ? undefined : graph}
          variables={spec.variables}
          properties={spec.properties}
          onChoice={(change) => setChoice({ ...choice, ...change })}
        />
        {refusal !== undefined && (
          <p class="refusal">
            {refusal.message}.{' '}
            <button onClick={() => setChoice({ ...choice, scope: 'around' })}>Draw the states around this one</button>{' '}
            or merge states by some variables.
          </p>
        )}
        {refusal === undefined && laidOut !== undefined && (
          <Drawing
            graph={laidOut.of}
            layout={laidOut.layout}
            layoutNumber={laidOut.number}
            task={laidOut.task}
            toneOf={toneOf}
            onGo={goTo}
          />
        )}
      </section>
      <StatePanel spec={spec} position={position} at={position.at} />
    </main>
  )
}

/** @param color - the name of a property, empty for all, or `EXPRESSION` */
function tonesBy(color: string): (node: GraphNodeDocument) => Tone {
  if (color === EXPRESSION) return ({ isTrue }) => (isTrue === true ? 'true' : 'plain')
  return ({ violates, reaches, states }) => {
    const bad = violates.filter(({ property }) => color === '' || property === color)
    if (bad.length > 0) return bad.some((it) => it.states === states) ? 'bad' : 'some-bad'
    const good = reaches.filter(({ property }) => color === '' || property === color)
    if (good.length > 0) return good.some((it) => it.states === states) ? 'good' : 'some-good'
    return 'plain'
  }
}
