/** `result.property(name)`: the result of one property, with its own trace. */
import { describe, expect, it } from 'vitest'
import { check, simulate } from '../../src/index.ts'
import counter from '../cli/specs/counter.ts'

describe('the result of a property', () => {
  it('has its own trace, of several', async () => {
    const result = await check(counter, { constants: { fault: 'invariant' }, continue: true })
    expect(result.traces.length).toBeGreaterThan(1)
    for (const { name, result: found } of result.properties) {
      const report = result.property(name)
      expect([report.name, report.result]).toEqual([name, found])
      expect(report.trace?.property).toBe(found === 'holds' ? undefined : name)
    }
  })

  it('is also in what a simulation gives', async () => {
    const result = await simulate(counter, { constants: { fault: 'invariant' }, seed: 1, runs: 5 })
    expect(result.property('notTwo')).toMatchObject({ result: 'violated', trace: { property: 'notTwo' } })
  })

  it('is an error for a property that was not checked, and for a name that does not exist', async () => {
    const result = await check(counter, { properties: ['full'] })
    expect(result.property('full').result).toBe('reached')
    expect(() => result.property('notTwo')).toThrow(expect.objectContaining({ code: 'KR102' }))
    expect(() => result.property('notThree' as 'full')).toThrow(expect.objectContaining({ code: 'KR102' }))
  })

  it('is not part of the data', async () => {
    const result = await check(counter)
    expect(Object.keys(result)).not.toContain('property')
    expect(JSON.parse(JSON.stringify(result.properties))).toHaveLength(result.properties.length)
  })
})
