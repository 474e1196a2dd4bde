/** The check that runs in the background, for the constants of the page. */
import { useEffect, useState } from 'preact/hooks'
import type { CheckDocument } from '../src/cli/explore/protocol.ts'
import { UNANSWERED, request, type RequestError } from './request.ts'

/** How often to ask for the progress of a check, at first and at most. */
const FIRST_MS = 150
const LONGEST_MS = 1500

/** @param version - of the spec: another one is checked again */
export function useCheck(constants: { readonly [name: string]: string }, version: number): CheckDocument | undefined {
  const [check, setCheck] = useState<CheckDocument>()
  useEffect(() => {
    const over = new AbortController()
    let waitMs = FIRST_MS
    setCheck(undefined)
    const ask = async (): Promise<void> => {
      if (over.signal.aborted) return
      try {
        const found = await request('check', { constants })
        if (over.signal.aborted) return
        setCheck(found)
        if (found.isRunning) setTimeout(() => void ask(), (waitMs = Math.min(LONGEST_MS, waitMs * 1.5)))
      } catch (thrown) {
        const { code, message } = thrown as RequestError
        if (over.signal.aborted) return
        setCheck({ ...NOTHING, failure: { code, message } })
        // The server may be started again.
        if (code === UNANSWERED) setTimeout(() => void ask(), LONGEST_MS)
      }
    }
    void ask()
    return () => over.abort()
  }, [JSON.stringify([version, constants])])
  return check
}

const NOTHING = { isRunning: false, distinct: 0, depth: 0, seconds: 0, properties: [] } as const
