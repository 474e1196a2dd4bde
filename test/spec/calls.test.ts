/** The record of the call in progress, as another thread reads it. */
import { afterEach, describe, expect, it } from 'vitest'
import {
  beginCall,
  callMemory,
  callNumbers,
  callsOf,
  CallsStopped,
  endCall,
  failCalls,
  recordCalls,
  recordedCall,
  resumeCalls,
  stopCalls,
} from '../../src/spec/calls.ts'

const slots = (...contents: number[]): Int32Array => Int32Array.from(contents)

afterEach(() => failCalls([], {}))

describe('the record of calls', () => {
  it('names the function and the state of a call, and shows whether it is still running', () => {
    const memory = callMemory(2)
    recordCalls(memory)
    expect(callNumbers(memory)).toEqual([0])
    beginCall('action "größe(状态)"', slots(3, 0, 70_000))
    expect(callNumbers(memory)[0]! % 2).toBe(1)
    expect(recordedCall(memory, 0)).toMatchObject({ who: 'action "größe(状态)"', slots: [3, 0, 70_000] })
    endCall()
    expect(callNumbers(memory)[0]! % 2).toBe(0)
    const [before] = callNumbers(memory)
    beginCall('init', undefined)
    expect(callNumbers(memory)[0]).not.toBe(before)
    expect(recordedCall(memory, 0)).toMatchObject({ who: 'init', slots: undefined })
    endCall()
  })

  it('accepts names and states of any length', () => {
    const memory = callMemory(1)
    recordCalls(memory)
    beginCall('ö'.repeat(10_000), new Int32Array(100_000))
    const { who, slots: read } = recordedCall(memory, 0)
    expect('ö'.repeat(10_000).startsWith(who) && who.length > 100).toBe(true)
    expect(read).toBeUndefined()
    endCall()
  })

  it('makes a known call fail, in the same model and on the same state only', () => {
    const memory = callMemory(1)
    callsOf('design=none')
    recordCalls(memory)
    beginCall('action "a"', slots(1, 2))
    const call = { ...recordedCall(memory, 0), waitedMs: 1234 }
    endCall()
    failCalls([call], {})
    const called = (who: string, on: Int32Array): string => {
      try {
        beginCall(who, on)
        return 'made'
      } catch (thrown) {
        return (thrown as { code?: string }).code ?? 'stopped'
      } finally {
        endCall()
      }
    }
    expect(called('action "a"', slots(1, 2))).toBe('KR510')
    expect(called('action "a"', slots(1, 3))).toBe('made')
    expect(called('action "a"', slots(1, 2, 0))).toBe('made')
    expect(called('action "b"', slots(1, 2))).toBe('made')
    callsOf('design=fixed')
    expect(called('action "a"', slots(1, 2))).toBe('made')
    stopCalls()
    expect(() => beginCall('action "b"', slots(0, 0))).toThrow(CallsStopped)
    resumeCalls()
    expect(called('action "b"', slots(0, 0))).toBe('made')
  })
})
