/** Assertions about specs, and the matchers of vitest that use them. */
import '../src/vitest.ts'
import { describe, expect, it } from 'vitest'
import {
  assertHolds,
  assertReaches,
  assertViolates,
  check,
  CheckAssertionError,
  CheckerError,
  formatResult,
  formatTrace,
} from '../src/index.ts'
import dieHard from '../specs/classic/die-hard.ts'
import counter from './cli/specs/counter.ts'

/** The message of a rejection. */
async function messageOf(rejecting: Promise<unknown>): Promise<string> {
  return await rejecting.then(
    () => 'it did not reject',
    (thrown: unknown) => (thrown as Error).message,
  )
}

describe('toHold', () => {
  it('passes if every property holds', async () => {
    await expect(counter).toHold()
    await expect(counter).toHold({ constants: { most: 2 }, properties: ['full'] })
  })

  it('fails with the report of the check if a property is violated', async () => {
    const options = { constants: { fault: 'invariant' } } as const
    const message = await messageOf(expect(counter).toHold(options))
    const result = await check(counter, options)
    expect(message).toContain('counter is violated')
    expect(message).toContain(formatTrace(result.property('notTwo').trace!))
  })

  it('fails if a bound ends the check, also after not', async () => {
    await expect(messageOf(expect(counter).toHold({ maxDepth: 1 }))).resolves.toMatch(/counter is undecided/)
    await expect(messageOf(expect(counter).not.toHold({ maxDepth: 1 }))).resolves.toMatch(/counter is undecided/)
  })

  it('after not, passes if a property is violated, and fails if all hold', async () => {
    await expect(counter).not.toHold({ constants: { fault: 'invariant' } })
    await expect(messageOf(expect(counter).not.toHold())).resolves.toMatch(/counter holds/)
  })

  it('fails with the trace to the state if a spec function fails', async () => {
    const message = await messageOf(expect(counter).toHold({ constants: { fault: 'throw' } }))
    expect(message).toMatch(/up fails after 2 steps/)
    expect(message).toMatch(/error KR503/)
  })
})

describe('toViolate', () => {
  it('passes if the property is violated, in as many steps as the options say', async () => {
    await expect(counter).toViolate('notTwo', { constants: { fault: 'invariant' } })
    await expect(counter).toViolate('notTwo', { constants: { fault: 'invariant' }, steps: 2 })
    await expect(counter).toViolate('deadlock', { constants: { fault: 'deadlock' } })
  })

  it('fails if the property holds, or if the trace has another number of steps', async () => {
    await expect(messageOf(expect(counter).toViolate('notTwo'))).resolves.toMatch(/notTwo of counter holds/)
    const options = { constants: { fault: 'invariant' }, steps: 3 } as const
    await expect(messageOf(expect(counter).toViolate('notTwo', options))).resolves.toMatch(/in 2 steps.*in 3 steps/)
  })

  it('fails for a misspelt option, because vitest does not check types', async () => {
    const options = { constant: { fault: 'invariant' } } as object
    await expect(expect(counter).toHold(options)).rejects.toMatchObject({ code: 'KR101' })
    await expect(expect(counter).toHold({ tuning: { from: 1 } as object })).rejects.toMatchObject({ code: 'KR101' })
  })

  it('fails for a property that the spec does not have', async () => {
    await expect(expect(counter).toViolate('notThree' as 'notTwo')).rejects.toMatchObject({ code: 'KR102' })
  })
})

describe('toReach', () => {
  it('passes if the goal is reached, and shows how if that takes another number of steps', async () => {
    await expect(counter).toReach('full')
    await expect(counter).toReach('full', { steps: 3 })
    const message = await messageOf(expect(counter).toReach('full', { steps: 4 }))
    expect(message).toMatch(/full of counter is reached in 3 steps/)
    expect(message).toMatch(/^ +3 +up /m)
  })
})

describe('toReach for a property that is not a goal', () => {
  it('fails, and says so', async () => {
    await expect(expect(counter).toReach('notTwo')).rejects.toMatchObject({ code: 'KR101' })
  })
})

describe('assertHolds and its like', () => {
  it('return the result', async () => {
    expect((await assertHolds(counter)).verdict).toBe('holds')
    const { property } = await assertViolates(dieHard, 'bigIsNotFour', { steps: 6 })
    expect(property('bigIsNotFour').trace?.steps.at(-1)?.state.big).toBe(4)
    expect((await assertReaches(counter, 'full')).property('full').result).toBe('reached')
  })

  it('throw an error that carries the result', async () => {
    const thrown: unknown = await assertHolds(dieHard).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(CheckAssertionError)
    const { result, message, name } = thrown as CheckAssertionError
    expect(name).toBe('CheckAssertionError')
    expect(result.property('bigIsNotFour').trace!.steps).toHaveLength(7)
    expect(timeless(message)).toContain(timeless(formatResult(result)))
  })

  it('throw what check throws for a mistake', async () => {
    await expect(assertHolds(counter, { constants: { most: 99 as 3 } })).rejects.toBeInstanceOf(CheckerError)
  })
})

const timeless = (text: string): string => text.replaceAll(/[\d.]+ s\b/g, '')
