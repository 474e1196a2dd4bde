/** Tests of last-put: npx vitest run last-put.test.ts */
import { check } from 'kripke'
import { describe, expect, it } from 'vitest'
import design from './last-put.ts'

describe('last-put', () => {
  it('holds if a lookup takes no reference to a freed object', async () => {
    const { verdict } = await check(design, { constants: { get: 'unless-zero' } })
    expect(verdict).toBe('holds')
  })

  // The bug as a test. It fails if a later change of the spec hides the bug.
  it('violates noUseAfterFree in four steps with a plain get', async () => {
    const { verdict, traces } = await check(design, {
      constants: { get: 'plain' },
      properties: ['noUseAfterFree'],
    })
    expect(verdict).toBe('violated')
    expect(traces[0]?.steps.map(({ action }) => action)).toEqual([
      'init',
      'task.lookup',
      'owner.unlink',
      'owner.put',
      'task.take',
    ])
  })
})
