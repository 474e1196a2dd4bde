/** The command `kripke explore` as a process: its address, its end, and what it refuses. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { BAD_COMMAND } from '../../../src/cli/exit-status.ts'
import { kripke, ROOT } from '../kripke.ts'

const folder = mkdtempSync(join(tmpdir(), 'kripke-explore-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Starts the command and waits for its address. */
async function serve(
  ...args: readonly string[]
): Promise<{ child: ChildProcess; ask: (name: string) => Promise<any> }> {
  const command = [join(ROOT, 'dist/cli/main.js'), 'explore', ...args, '--port', '0']
  const child = spawn(process.execPath, command, { cwd: ROOT })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const [address] = /http:\S+/.exec(chunk.toString())!
  const { origin, searchParams } = new URL(address)
  const headers = { 'content-type': 'application/json', 'x-kripke-token': searchParams.get('token')! }
  const ask = async (name: string): Promise<unknown> =>
    (await fetch(`${origin}/api/${name}`, { method: 'POST', headers, body: '{}' })).json()
  return { child, ask }
}

/** The exit status after a signal. */
async function statusAfter(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const exit = once(child, 'exit')
  child.kill(signal)
  return (await exit)[0]
}

describe('kripke explore', () => {
  it('ends by Ctrl-C', async () => {
    const { child } = await serve('specs/classic/die-hard.ts')
    expect(await statusAfter(child, 'SIGINT')).toBe(0)
  })

  it('ends by Ctrl-C while the background check is in a function that never returns', async () => {
    const file = join(folder, 'stuck.ts')
    writeFileSync(
      file,
      `import { model, range, schema, spec } from 'kripke'
       const State = schema({ n: range(0, 9) })
       const up = (s: ReturnType<typeof State>) => {
         while (s.n === 3);
         return s.set('n', (s.n + 1) % 10)
       }
       export default spec({ name: 'stuck', model: () => model(State, { init: State({ n: 0 }), actions: { up } }) })`,
    )
    const { child, ask } = await serve(file)
    expect(await ask('check')).toMatchObject({ isRunning: true })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await ask('check')).toMatchObject({ isRunning: true })
    // The page is as quick as before.
    expect(await ask('position')).toMatchObject({ path: ['init'] })
    expect(await statusAfter(child, 'SIGINT')).toBe(0)
  })

  it('says the next free port if one is in use', async () => {
    const other = createServer()
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { status, stderr } = await kripke(['explore', 'specs/classic/die-hard.ts', '--port', String(port)])
    other.close()
    expect(status).toBe(BAD_COMMAND)
    expect(stderr).toMatch(new RegExp(`KR101.*port ${port} is in use[^]*--port \\d+`))
  })

  it.each([
    ['a property that the spec does not have', ['specs/classic/die-hard.ts', '--property', 'nothing'], 'KR102'],
    ['a constant that the spec does not have', ['specs/classic/die-hard.ts', '-c', 'jugs=3'], 'KR102'],
    ['a property beside a trace', ['specs/classic/die-hard.ts', '--trace', 'a.json', '--property', 'x'], 'KR101'],
    ['a trace that does not exist', ['specs/classic/die-hard.ts', '--trace', 'nowhere.itf.json'], 'KR105'],
  ])('refuses %s', async (_, args, code) => {
    const { status, stderr } = await kripke(['explore', ...args])
    expect(status).not.toBe(0)
    expect(stderr).toContain(code)
    expect(stderr).not.toContain('    at ')
  })
})
