/** Where the page is in the walk, and what the server says of that. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { PositionDocument, SpecDocument, VersionDocument } from '../src/cli/explore/protocol.ts'
import { useVersion } from './use-version.ts'
import { fromFragment, toFragment, type Place } from './place.ts'
import { request, type RequestError } from './request.ts'

/** What all views work with. */
export interface WalkState {
  readonly place: Place
  readonly spec: SpecDocument
  readonly position: PositionDocument
  /** Goes to a place, and asks the server for it. A function gets the latest place that was asked for. */
  readonly go: (next: Place | ((latest: Place) => Place)) => void
  /** Shows an error above the views. */
  readonly fail: (thrown: unknown) => void
}

export interface Walk extends Omit<WalkState, 'spec' | 'position'> {
  readonly spec: SpecDocument | undefined
  readonly position: PositionDocument | undefined
  readonly error: RequestError | undefined
  readonly version: VersionDocument
  /** The latest place that was asked for. The page may still show the one before. */
  readonly latest: () => Place
}

export function useWalk(): Walk {
  const [place, setPlace] = useState<Place>(() => fromFragment(location.hash))
  const [loaded, setLoaded] = useState<Pick<WalkState, 'spec' | 'position'>>()
  const [error, setError] = useState<RequestError>()
  /** The number of the last request, so that a late answer is not shown. */
  const requests = useRef(0)
  const here = useRef(place)
  const asked = useRef(place)

  /** The path before the latest version of the spec cut it. It is tried again when the spec is saved. */
  const cut = useRef<{ readonly wanted: Place; readonly left: Place } | undefined>(undefined)

  const go = useCallback<WalkState['go']>((next) => {
    const wanted = typeof next === 'function' ? next(asked.current) : next
    asked.current = wanted
    const number = ++requests.current
    const { constants, path, at } = wanted
    Promise.all([request('position', { constants, path, at }), request('spec', { constants })]).then(
      ([position, spec]) => {
        if (number !== requests.current) return
        setLoaded({ position, spec })
        setError(undefined)
        // The server names the first initial state, and a path that departs is cut.
        const isWhole = position.departure === null && path.length > 0
        const reached = isWhole ? wanted : { ...wanted, path: position.path, at: position.at, loop: undefined }
        cut.current = position.departure === null ? undefined : { wanted, left: reached }
        here.current = reached
        asked.current = reached
        setPlace(reached)
        history.replaceState(null, '', `${location.pathname}${location.search}#${toFragment(reached)}`)
      },
      (thrown: RequestError) => {
        if (number !== requests.current) return
        asked.current = here.current
        setError(thrown)
      },
    )
  }, [])

  useEffect(() => {
    go(place)
    const follow = (): void => go(fromFragment(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])

  const version = useVersion(async () => {
    // The new version may not have all constants.
    const { constants } = await request('spec', { constants: {} })
    setError(undefined)
    go((latest) => {
      const wanted = cut.current?.left === latest ? cut.current.wanted : latest
      const known = Object.entries(wanted.constants).filter(([name]) => constants.some((it) => it.name === name))
      return { ...wanted, constants: Object.fromEntries(known) }
    })
  }, setError)

  const fail = useCallback((thrown: unknown): void => setError(thrown as RequestError), [])
  return {
    place,
    spec: loaded?.spec,
    position: loaded?.position,
    error,
    version,
    latest: () => asked.current,
    go,
    fail,
  }
}
