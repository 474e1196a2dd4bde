/** Expressions over the state that the user types, as further variables of a trace. */
import { useEffect, useState } from 'preact/hooks'
import type { EvaluatedDocument } from '../../src/cli/explore/protocol.ts'
import type { TraceViewDocument } from '../../src/report/json/trace-view.ts'
import { request } from '../request.ts'
import type { Place } from '../place.ts'

/** An expression with its value in each entry. */
interface Evaluated {
  readonly text: string
  readonly values: readonly EvaluatedDocument[]
}

/**
 * The expressions of the page, evaluated along its path.
 *
 * @param asked - names what the answers depend on
 * @param onError - gets the error of an expression, which is dropped then
 */
export function useExpressions(
  { constants, path }: Pick<Place, 'constants' | 'path'>,
  asked: string,
  onError: (thrown: unknown) => void,
): { readonly evaluated: readonly Evaluated[]; readonly add: (text: string) => void } {
  const [texts, setTexts] = useState<readonly string[]>([])
  const [evaluated, setEvaluated] = useState<readonly Evaluated[]>([])
  useEffect(() => {
    const ending = new AbortController()
    const answers = texts.map(async (text): Promise<Evaluated[]> => {
      try {
        const { values } = await request('evaluate', { constants, path, expression: text }, ending.signal)
        return [{ text, values }]
      } catch (thrown) {
        if (ending.signal.aborted) return []
        onError(thrown)
        setTexts((all) => all.filter((it) => it !== text))
        return []
      }
    })
    void Promise.all(answers).then((found) => {
      if (!ending.signal.aborted) setEvaluated(found.flat())
    })
    return () => ending.abort()
  }, [asked, texts])
  const add = (text: string): void => setTexts((all) => (all.includes(text) ? all : [...all, text]))
  return { evaluated, add }
}

/** The trace with a variable for each expression. */
export function withExpressions(trace: TraceViewDocument, evaluated: readonly Evaluated[]): TraceViewDocument {
  const values = [...trace.values]
  const added = evaluated.map(({ values: along }) => {
    // Equal values share an index, so that the timeline marks changes.
    const indexes = new Map<string, number>()
    return trace.entries.map((_, entry) => {
      const text = along[entry]?.text ?? ''
      const known = indexes.get(text)
      if (known !== undefined) return known
      const index = values.push({ kind: 'value', text }) - 1
      indexes.set(text, index)
      return index
    })
  })
  return {
    ...trace,
    variables: [...trace.variables, ...evaluated.map(({ text }) => text)],
    entries: trace.entries.map((entry, index) => ({
      ...entry,
      state: [...entry.state, ...added.map((along) => along[index]!)],
    })),
    values,
  }
}
