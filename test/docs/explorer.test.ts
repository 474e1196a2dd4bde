/** The page about the protocol of the explorer names every request, and its example works. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT } from '../cli/kripke.ts'
import { ask, closeAll, open } from '../cli/explore/ask.ts'

const PAGE = readFileSync(join(ROOT, 'docs/reference/explorer.md'), 'utf8')

afterAll(closeAll)

it('names every request', () => {
  const protocol = readFileSync(join(ROOT, 'src/cli/explore/protocol.ts'), 'utf8')
  const [, requests = ''] = /export interface Requests \{\n(.*?)\n\}/s.exec(protocol) ?? []
  const names = [...requests.matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name!)
  const documented = [...PAGE.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!)
  expect(documented.toSorted()).toEqual(names.toSorted())
})

it('has an example that the server answers', async () => {
  const [, body] = /--data '(.*)'/.exec(PAGE)!
  const session = await open('specs/truncate-dma.ts')
  const given = JSON.parse(body!) as { path: string[] }
  const { path, departure } = await ask(session, 'position', given)
  expect([path, departure]).toEqual([given.path, null])
})
