/** Lays graphs out in a thread, so that the page stays quick. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Layout, LayoutTask } from './layout.ts'

/** A layout with what it is of. */
export interface LaidOut<T> {
  readonly of: T
  readonly task: LayoutTask
  readonly layout: Layout
  /** Changes only if the places did. */
  readonly number: number
}

/** @param task - makes the task of a subject; the same task again keeps the layout */
export function useLayout<T>(subject: T | undefined, task: (subject: T) => LayoutTask): LaidOut<T> | undefined {
  const [laidOut, setLaidOut] = useState<LaidOut<T>>()
  const worker = useRef<Worker>(undefined)
  const latest = useRef<{ number: number; text: string; subject: T | undefined; task: LayoutTask | undefined }>({
    number: 0,
    text: '',
    subject: undefined,
    task: undefined,
  })

  const begin = (message: { readonly number: number; readonly task: LayoutTask }): void => {
    // A layout that nobody waits for any longer must not delay the next one.
    worker.current?.terminate()
    const own = new Worker('/layout.js', { type: 'module' })
    worker.current = own
    own.onmessage = ({ data }: MessageEvent<{ readonly number: number; readonly layout: Layout }>) => {
      const { number, subject: of, task: done } = latest.current
      if (data.number === number && of !== undefined && done !== undefined) {
        setLaidOut({ of, task: done, layout: data.layout, number })
      }
      own.terminate()
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
    own.postMessage(message)
  }
  useEffect(() => () => worker.current?.terminate(), [])

  useEffect(() => {
    if (subject === undefined) return
    const wanted = task(subject)
    const text = JSON.stringify(wanted)
    if (text === latest.current.text) {
      latest.current = { ...latest.current, subject }
      // While the layout is still being made, the one shown belongs to another task.
      const { number } = latest.current
      setLaidOut((known) => (known?.number === number ? { ...known, of: subject } : known))
      return
    }
    const number = latest.current.number + 1
    latest.current = { number, text, subject, task: wanted }
    begin({ number, task: wanted })
  }, [subject, task])

  return laidOut
}
