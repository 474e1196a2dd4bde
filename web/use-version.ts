/** Follows the versions of the spec, which is loaded again when its author saves it. */
import { useEffect, useState } from 'preact/hooks'
import type { VersionDocument } from '../src/cli/explore/protocol.ts'
import { request, type RequestError } from './request.ts'

/** How long to wait before asking a server again that did not answer. */
const RETRY_MS = 2000

const FIRST: VersionDocument = { version: 1, failure: null }

/**
 * The latest version.
 *
 * @param onNew - called for a version that could be loaded
 */
export function useVersion(onNew: () => Promise<void>, onError: (error: RequestError) => void): VersionDocument {
  const [latest, setLatest] = useState(FIRST)
  useEffect(() => {
    const over = new AbortController()
    const follow = async (): Promise<void> => {
      for (let known = FIRST; !over.signal.aborted;) {
        try {
          const next = await request('version', { version: known.version })
          if (next.version === known.version) continue
          known = next
          setLatest(next)
          if (next.failure === null) await onNew()
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
