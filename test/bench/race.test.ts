import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { median, spread } from '../../bench/median.ts'
import { against } from '../../bench/race/against.ts'
import type { Contestant } from '../../bench/race/contestant.ts'
import { heat } from '../../bench/race/heat.ts'
import { MODELS } from '../../bench/race/models.ts'
import { distinctOf as ofRumur } from '../../bench/race/rumur.ts'
import { distinctOf as ofSpin } from '../../bench/race/spin.ts'
import { distinctOf as ofTlc } from '../../bench/race/tlc.ts'

const FOLDER = mkdtempSync(`${tmpdir()}/kripke-race-test-`)
afterAll(() => rmSync(FOLDER, { recursive: true }))

const SPIN = `
Full statespace search for:
	never claim         	- (none specified)
	invalid end states	+

State-vector 20 byte, depth reached 22, errors: 0
   296448 states, stored
  2448258 states, matched
  2744706 transitions (= stored+matched)
`
const RUMUR = `
Status:

	No error found.

State Space Explored:

	296448 states, 2744705 rules fired in 2s.
`
const TLC = `
Progress(12) at 2026-11-20 12:00:00: 1,000,000 states generated, 100,000 distinct states found, 7,000 states left on queue.
Model checking completed. No error has been found.
2744706 states generated, 296448 distinct states found, 0 states left on queue.
`

test.each([
  ['SPIN', ofSpin, SPIN],
  ['Rumur', ofRumur, RUMUR],
  ['TLC', ofTlc, TLC],
])('parses distinct states from the output of %s', (_, distinctOf, stdout) => {
  expect(distinctOf(stdout)).toBe(296_448)
})

test.each([
  ['hash compaction', ofSpin, SPIN.replace('Full statespace', 'Hash-Compact 4')],
  ['an error of SPIN', ofSpin, SPIN.replace('errors: 0', 'errors: 1')],
  ['a search cut off by depth', ofSpin, `error: max search depth too small\n${SPIN}`],
  ['an error of Rumur', ofRumur, RUMUR.replace('No error', '1 error(s)')],
  ['an error of TLC', ofTlc, TLC.replace('No error', 'An error')],
])('does not compare a run with %s', (_, distinctOf, stdout) => {
  expect(() => distinctOf(stdout)).toThrow('did not complete an exact search without errors')
})

/** A contestant with a fixed result. Its command is its name. */
const found = (name: string, distinct?: number): Contestant => ({
  name,
  version: () => '1',
  prepare: () => ({ command: [name], settings: '', ...(distinct !== undefined && { distinct: () => distinct }) }),
})

function run(contestants: readonly Contestant[], rounds: number) {
  const order: string[] = []
  const measure = ({ command }: { readonly command: readonly string[] }) => {
    order.push(command[0]!)
    return { seconds: order.length, peakMemoryBytes: 1, stdout: '' }
  }
  const result = heat(MODELS[0]!, 1, { contestants, rounds, folder: FOLDER, measure, distinct: 288 })
  return { order, result }
}

test('runs contestants in turn, and computes ratios round by round', () => {
  const { order, result } = run([found('kripke', 288), found('spin', 288), found('prototype')], 2)
  expect(order).toEqual(['kripke', 'spin', 'prototype', 'kripke', 'spin', 'prototype'])
  expect(result.results.map(({ ratios }) => ratios)).toEqual([
    [1, 1],
    [1 / 2, 4 / 5],
    [1 / 3, 4 / 6],
  ])
})

test('ends the race if a contestant finds another number of distinct states', () => {
  expect(() => run([found('kripke', 288), found('spin', 287)], 1)).toThrow(
    'spin found 287 distinct states of two-phase-7',
  )
})

test('skips a contestant that cannot run, with the reason', () => {
  const unable: Contestant = { ...found('tlc'), prepare: () => 'no jar' }
  expect(run([found('kripke', 288), unable], 1).result.skipped).toEqual(['two-phase-7, workers 1, tlc: no jar.'])
})

test('requires a name and a command for a contestant from the command line', () => {
  expect(against('prototype=A=1 node prototype.js').name).toBe('prototype')
  expect(() => against('node prototype.js')).toThrow('--against takes name=command')
})

test('takes the mean of the middle two as the median of an even number of samples', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(spread([3, 1, 2], 1)).toBe('2.0 (1.0 to 3.0)')
})
