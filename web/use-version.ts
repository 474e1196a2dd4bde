/** Follows the versions of the spec, which is loaded again when its author saves it. */
import { useEffect, useState } from 'preact/hooks'
import type { VersionDocument } from '../src/cli/explore/protocol.ts'
import { request, type RequestError } from './request.ts'

/** How long to wait before asking a server again that did not answer. */
const RETRY_MS = 2000

/** Before the server has said its version. */
const UNKNOWN: VersionDocument = { version: 0, failure: null }

/**
 * The latest version.
 *
 * @param onNew - called for a version that could be loaded
 */
export function useVersion(onNew: () => Promise<void>, onError: (error: RequestError) => void): VersionDocument {
  const [latest, setLatest] = useState(UNKNOWN)
  useEffect(() => {
    const over = new AbortController()
    const follow = async (): Promise<void> => {
      for (let known = UNKNOWN; !over.signal.aborted;) {
        try {
          const next = await request('version', { version: known.version })
          if (next.version === known.version) continue
          const isFirst = known === UNKNOWN
          known = next
          setLatest(next)
          if (next.failure === null && !isFirst) await onNew()
        } catch (thrown) {
          if (!over.signal.aborted) onError(thrown as RequestError)
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        }
      }
    }
    void follow()
    return () => over.abort()
  }, [])
  return latest
}
