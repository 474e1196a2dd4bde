import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elementsOf } from '../support/xml.ts'
import { kripke } from './kripke.ts'

const DIE_HARD = 'specs/classic/die-hard.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-graph-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('kripke graph', () => {
  it('prints DOT, or writes it to a file', async () => {
    const { status, stdout } = await kripke(['graph', DIE_HARD])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^digraph "die-hard" \{\n[^]*\n\}\n$/)])
    const file = join(folder, 'graph.dot')
    expect(await kripke(['graph', DIE_HARD, '--out', file])).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toBe(stdout)
  })

  it('draws SVG with a shape for each state', async () => {
    const file = join(folder, 'graph.svg')
    expect((await kripke(['graph', DIE_HARD, '--out', file])).status).toBe(0)
    const svg = readFileSync(file, 'utf8')
    const elements = elementsOf(svg.replace(/^[^]*?(?=<svg)/, '').replaceAll(/<!--[^]*?-->|&#\d+;/g, ''))
    const nodes = elements.filter(({ attributes }) => attributes['class'] === 'node')
    // A point besides each initial state.
    expect(nodes).toHaveLength(16 + 1)
    expect((await kripke(['graph', DIE_HARD, '--format', 'svg'])).stdout).toBe(svg)
  })

  it('writes automata for runtime verification, named after their file', async () => {
    const args = [
      'graph',
      'specs/truncate-dma.ts',
      '-c',
      'files=1',
      '--project',
      'truncate,owner',
      '--format',
      'rv-dot',
    ]
    const file = join(folder, 'truncate.dot')
    expect(await kripke([...args, '--out', file])).toMatchObject({ status: 0, stdout: '' })
    expect(readFileSync(file, 'utf8')).toMatch(/^digraph state_automaton \{\n/)
    expect(await kripke([...args, '--out', join(folder, 'my-monitor.dot')])).toMatchObject({
      status: 151,
      stderr: expect.stringMatching(
        /KR101: --out must be named after the monitor, such as wip\.dot, but is my-monitor\.dot/,
      ),
    })
    expect(await kripke(['graph', DIE_HARD, '--project', 'big', '--format', 'rv-dot'])).toMatchObject({
      status: 151,
      stderr: expect.stringMatching(
        /KR110: .*not deterministic: in state big_0, smallToBig leads to big_\d and to big_\d/,
      ),
    })
  })

  it('merges states, and refuses what is too large', async () => {
    const merged = await kripke(['graph', DIE_HARD, '--project', 'big'])
    expect(merged.stdout).toMatch(/16 states in 6 nodes, by big/)
    expect(await kripke(['graph', 'specs/truncate-dma.ts'])).toMatchObject({
      status: 124,
      stderr: expect.stringMatching(/KR403: .*\b500 nodes\b.*\n.*--project/),
    })
    expect(await kripke(['graph', DIE_HARD, '--project', 'bgi'])).toMatchObject({
      status: 151,
      stderr: expect.stringMatching(/no variable "bgi"/),
    })
    expect((await kripke(['graph', DIE_HARD, '--out', DIE_HARD])).status).toBe(151)
  })
})
