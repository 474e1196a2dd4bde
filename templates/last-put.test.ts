/** Tests of last-put: npx vitest run last-put.test.ts */
import 'kripke/vitest'
import { describe, expect, it } from 'vitest'
import design from './last-put.ts'

describe('last-put', () => {
  it('holds if a lookup takes no reference to a freed object', async () => {
    await expect(design).toHold({ constants: { get: 'unless-zero' } })
  })

  // The bug as a test. It fails if a later change of the spec hides the bug.
  it('violates noUseAfterFree in four steps with a plain get', async () => {
    await expect(design).toViolate('noUseAfterFree', { constants: { get: 'plain' }, steps: 4 })
  })
})
