/** Lists and records as constants on the command line. */
import { describe, expect, it } from 'vitest'
import { kripke, kripkeJson } from './kripke.ts'

const UNBIND = 'specs/unbind.ts'
const STRUCTURED = 'test/cli/specs/structured.ts'
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

describe('a record that is written inside constant(...)', () => {
  it('is given with -c, and so is a list of records', async () => {
    const { document: initial } = await kripkeJson(['check', STRUCTURED])
    expect([initial.constants.size, initial.states.distinct]).toEqual([{ steps: 2, mode: 'up' }, 3])
    const { document } = await kripkeJson(['check', STRUCTURED, '-c', 'size={mode:up,steps:4}'])
    expect([document.constants.size, document.states.distinct]).toEqual([{ steps: 4, mode: 'up' }, 5])
    const rounds = 'rounds=[{steps:1,isLast:false},{steps:2,isLast:true}]'
    const listed = await kripkeJson(['check', STRUCTURED, '-c', rounds])
    expect(listed.document.constants.rounds).toEqual([
      { steps: 1, isLast: false },
      { steps: 2, isLast: true },
    ])
    expect(listed.document.states.distinct).toBe(5)
  })

  it('is varied', async () => {
    const { stdout } = await kripke(['compare', STRUCTURED, '--vary', 'size={steps:1,mode:up},{steps:3,mode:none}'])
    expect(stdout).toMatch(/steps: 1, mode: up .*\n.*steps: 3, mode: none/)
  })

  it('is refused with the place of the mistake', async () => {
    const { status, stderr } = await kripke(['check', STRUCTURED, '-c', 'size={steps:2,mode:down}'])
    expect(status).toBe(151)
    expect(stderr).toMatch(/"down" at character 15 is not one of up \| none/)
  })
})
