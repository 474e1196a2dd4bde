/** Requests to the server that served the page. */
import type { ErrorDocument, RequestName, Requests } from '../src/cli/explore/protocol.ts'

/** The server's token is in the address of the page. */
const TOKEN = new URLSearchParams(location.search).get('token') ?? ''

/** An error of the spec or of the request, as the server tells it. */
export class RequestError extends Error {
  readonly code: string
  readonly hint?: string
  readonly at?: string

  constructor({ code, message, hint, at }: ErrorDocument['error']) {
    super(message)
    this.code = code
    if (hint !== undefined) this.hint = hint
    if (at !== undefined) this.at = at
  }
}

/** @throws {RequestError} */
export async function request<N extends RequestName>(
  name: N,
  body: Requests[N]['body'],
  signal?: AbortSignal,
): Promise<Requests[N]['answer']> {
  const response = await fetch(`/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-kripke-token': TOKEN },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  }).catch(() => {
    throw new RequestError({ code: '', message: 'the server does not answer', hint: 'start kripke explore again' })
  })
  const document = (await response.json()) as Requests[N]['answer'] | ErrorDocument
  if ('error' in document) throw new RequestError(document.error)
  return document
}
