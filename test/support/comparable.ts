/** What runs of the same check have in common, however often they were interrupted. */

/** The document of `check --json` without times, memory, and what the last process learned. */
export function comparable(document: { readonly [name: string]: unknown }): unknown {
  const { seconds: _, bytesPerState: _b, peakMemoryBytes: _p, specCalls: _s, workers: _w, ...rest } = document
  const actions = document['actions'] as readonly { readonly [name: string]: unknown }[]
  const warnings = document['warnings'] as readonly { readonly code: string }[]
  return {
    ...rest,
    actions: actions.map(({ evaluation: _e, remark: _r, ...action }) => action),
    warnings: warnings.filter(({ code }) => code !== 'interpreted'),
  }
}
