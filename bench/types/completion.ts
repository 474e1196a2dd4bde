/** Measures how long an editor waits for completion, with the compiler's own language server. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compiler } from './cost.ts'

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly items?: readonly unknown[] }
  readonly result?: unknown
}

/**
 * Milliseconds for each completion after `s.`, which is typed in front of `place` for each run.
 *
 * @throws if the server does not propose `expected`, because then it measured something else
 */
export async function completionTimes(file: string, place: string, expected: string, runs: number): Promise<number[]> {
  const text = readFileSync(file, 'utf8')
  const offset = text.indexOf(place)
  if (offset < 0) throw new Error(`${file} must contain ${place}`)
  const before = text.slice(0, offset).split('\n')
  const [line, character] = [before.length - 1, before.at(-1)!.length]
  const uri = pathToFileURL(resolve(file)).href
  const server = startServer()
  try {
    await server.ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(process.cwd()).href,
      capabilities: {},
    })
    server.tell('initialized', {})
    server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 0, text } })
    const change = (version: number, end: number, inserted: string): void => {
      const range = { start: { line, character }, end: { line, character: end } }
      server.tell('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text: inserted }],
      })
    }
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      change(2 * run + 1, character, 's.')
      const start = performance.now()
      const position = { line, character: character + 2 }
      const proposed = await server.ask('textDocument/completion', { textDocument: { uri }, position })
      times.push(performance.now() - start)
      if (!JSON.stringify(proposed).includes(`"label":"${expected}"`)) {
        throw new Error(`The server must propose ${expected} after "s." in ${file}`)
      }
      change(2 * run + 2, character + 2, '')
    }
    return times
  } finally {
    server.stop()
  }
}

/** A language server: JSON-RPC over standard input and output. */
function startServer() {
  const child = spawn(process.execPath, [compiler(), '--lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let received = Buffer.alloc(0)
  let asked = 0
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const hear = ({ id, method, params, result }: Answer): void => {
    if (id === undefined) return
    // Requests of the server, such as for settings, get an empty answer.
    if (method !== undefined) send({ id, result: params?.items?.map(() => null) ?? null })
    else waiting.get(id)?.resolve(result)
  }
  child.stdout.on('data', (data: Buffer) => {
    received = Buffer.concat([received, data])
    for (;;) {
      const header = received.indexOf('\r\n\r\n')
      if (header < 0) return
      const end = header + 4 + Number(/Content-Length: (\d+)/.exec(received.toString('latin1', 0, header))![1])
      if (received.length < end) return
      hear(JSON.parse(received.toString('utf8', header + 4, end)) as Answer)
      received = received.subarray(end)
    }
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The language server must answer, but exited'))
  })
  return {
    ask: (method: string, params: object) =>
      new Promise<unknown>((resolve, reject) => {
        waiting.set(++asked, { resolve, reject })
        send({ id: asked, method, params })
      }),
    tell: (method: string, params: object) => send({ method, params }),
    stop: () => child.stdin.end(),
  }
}
