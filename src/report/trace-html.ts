/**
 * Traces as a page: one file that loads nothing, for a browser, a mail or an archive.
 *
 * `web/trace-view/trace-page.tsx` draws it. `build-pages.mjs` makes that a template: the page with its script and its style.
 */
import type { TraceViewDocument } from './json/trace-view.ts'
import { show } from './show.ts'
import { VERSION } from './version.ts'

/** The template, which the build puts here. */
declare const TRACE_PAGE: string

/** What the page shows. */
export interface TracePageDocument {
  readonly spec: string
  /** Names and values as text. */
  readonly constants: readonly (readonly [name: string, value: string])[]
  readonly version: string
  readonly traces: readonly TraceViewDocument[]
}

/** The page of some traces. */
export function traceHtml(
  traces: readonly TraceViewDocument[],
  { spec, constants }: { readonly spec: string; readonly constants: { readonly [name: string]: unknown } },
): string {
  const given = Object.entries(constants).map(([name, value]) => [name, show(value)] as const)
  const page: TracePageDocument = { spec, constants: given, version: VERSION, traces }
  const names = traces.map(({ property }) => property).filter((name) => name !== '')
  const title = names.length > 0 ? names.join(', ') : traces.length > 0 ? 'a path' : 'no counterexample'
  // In a script element, only a `<` could end the text.
  const parts = {
    title: escaped(`${spec}: ${title}`),
    traces: JSON.stringify(page).replaceAll('<', String.raw`\u003c`),
  }
  return TRACE_PAGE.replaceAll(/\{\{(title|traces)\}\}/g, (_, name: keyof typeof parts) => parts[name])
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
