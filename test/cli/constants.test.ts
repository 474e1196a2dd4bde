/** Lists and records as constants on the command line. */
import { describe, expect, it } from 'vitest'
import { kripke, kripkeJson } from './kripke.ts'

const UNBIND = 'specs/unbind.ts'
const SMALL = ['-c', 'processes=1', '-c', 'design=merged', '--property', 'allRecordsVisited']

describe('a list as a constant', () => {
  it('is given with -c and shown as JSON', async () => {
    const { document } = await kripkeJson(['check', UNBIND, '-c', 'kinds=[M,D]', ...SMALL])
    expect(document.constants.kinds).toEqual(['M', 'D'])
    const word = await kripkeJson(['check', UNBIND, '-c', 'kinds=MD', ...SMALL])
    expect(word.document.states).toEqual(document.states)
  })

  it('is varied', async () => {
    const { stdout } = await kripke(['compare', UNBIND, '--vary', 'kinds=[D],[M,D]', ...SMALL])
    expect(stdout).toMatch(/^\[D\] .*\n\[M, D\] /m)
  })

  it('is refused with the place of the mistake', async () => {
    const { status, stderr } = await kripke(['check', UNBIND, '-c', 'kinds=[M,X]'])
    expect(status).toBe(151)
    expect(stderr).toMatch(/"X" at character 4 is not one of D \| M/)
  })
})
