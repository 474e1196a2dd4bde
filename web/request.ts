/** Requests to the server that served the page. */
import type { ErrorDocument, RequestName, Requests } from '../src/cli/explore/protocol.ts'

/** The server's token is in the address of the page. */
const TOKEN = new URLSearchParams(location.search).get('token') ?? ''

/** The code of the error if the server does not answer. */
export const UNANSWERED = ''

/** An error of the spec or of the request, as the server tells it. */
export class RequestError extends Error {
  readonly code: string
  readonly details?: NonNullable<ErrorDocument['error']['details']>
  readonly hint?: string
  readonly at?: string

  constructor({ code, message, details, hint, at }: ErrorDocument['error']) {
    super(message)
    this.code = code
    if (details !== undefined) this.details = details
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
  const document = await post<Requests[N]['answer'] | ErrorDocument>(name, body, signal).catch((thrown: unknown) => {
    if (signal?.aborted === true) throw thrown
    throw new RequestError({
      code: UNANSWERED,
      message: 'the server does not answer',
      hint: 'start kripke explore again',
    })
  })
  if ('error' in document) throw new RequestError(document.error)
  return document
}

async function post<T>(name: string, body: object, signal: AbortSignal | undefined): Promise<T> {
  const response = await fetch(`/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-kripke-token': TOKEN },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
  return (await response.json()) as T
}
