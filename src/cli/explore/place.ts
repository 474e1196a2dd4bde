/** Where the page is. The fragment of its address says it, so that a link leads back. The page and the server share this. */

/** What the page shows of a path. */
export type View = 'walk' | 'trace' | 'graph' | 'compare'

export const VIEWS: readonly View[] = ['walk', 'trace', 'graph', 'compare']

/** A path, and the index of the entry that is shown. What follows it can be redone. */
export interface Place {
  readonly view: View
  readonly constants: { readonly [name: string]: string }
  readonly path: readonly string[]
  readonly at: number
  /** For a lasso: the index of the entry to which the last one returns. */
  readonly loop: number | undefined
  /** The property of which the path is a trace. */
  readonly property: string | undefined
}

export const START: Place = { view: 'walk', property: undefined, constants: {}, path: [], at: 0, loop: undefined }

/** `c=users%3D3&s=init&s=write(task1)&at=1`: each constant, then the names of the path. */
export function toFragment({ view, constants, path, at, loop, property }: Place): string {
  const parameters = new URLSearchParams()
  if (view !== 'walk') parameters.append('view', view)
  for (const [name, value] of Object.entries(constants)) parameters.append('c', `${name}=${value}`)
  for (const name of path) parameters.append('s', name)
  if (at < path.length - 1) parameters.append('at', String(at))
  if (loop !== undefined) parameters.append('loop', String(loop))
  if (property !== undefined) parameters.append('property', property)
  return parameters.toString()
}

/** A fragment that says something else leads to the start. */
export function fromFragment(fragment: string): Place {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''))
  const constants = parameters.getAll('c').flatMap((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  const path = parameters.getAll('s')
  const last = Math.max(0, path.length - 1)
  const index = (name: string): number | undefined => {
    const given = Number(parameters.get(name) ?? Number.NaN)
    return Number.isInteger(given) && given >= 0 && given <= last ? given : undefined
  }
  return {
    view: VIEWS.find((it) => it === parameters.get('view')) ?? 'walk',
    constants: Object.fromEntries(constants),
    path,
    at: index('at') ?? last,
    loop: index('loop'),
    property: parameters.get('property') ?? undefined,
  }
}
