/** Asks the explorer as a page does, without a server. */
import { answer } from '../../../src/cli/explore/answers/answers.ts'
import type { CheckDocument, RequestName, Requests } from '../../../src/cli/explore/protocol.ts'
import { Session } from '../../../src/cli/explore/session.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'

const sessions: Session[] = []

/** Opens a spec of this repository. */
export async function open(path: string): Promise<Session> {
  const { default: spec } = (await import(/* @vite-ignore */ `../../../${path}`)) as { default: AnySpec }
  return openSpec(spec, path)
}

export function openSpec(spec: AnySpec, path: string = 'spec.ts'): Session {
  // Other threads cannot load the source, so the check runs in this one.
  const session = new Session({ spec, module: 'file:///nowhere.mjs' }, path, 2 ** 30)
  sessions.push(session)
  return session
}

/** Ends the checks of all sessions. */
export async function closeAll(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
}

export async function ask<N extends RequestName>(
  session: Session,
  name: N,
  body: { readonly [K in keyof Requests[N]['body']]?: unknown } = {},
): Promise<Requests[N]['answer']> {
  return (await answer(session, name, body)) as Requests[N]['answer']
}

/** Asks until the check has ended. */
export async function checked(
  session: Session,
  constants: { readonly [name: string]: string },
): Promise<CheckDocument> {
  for (;;) {
    const document = await ask(session, 'check', { constants })
    if (!document.isRunning) return document
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
