/**
 * Measures how fast logs are followed: 100,000 events of random walks through `truncate-dma`.
 *
 *     npm run follow    # five rounds, the cases in turn; processor time
 */
import truncateDma from '../specs/truncate-dma.ts'
import { conform, type ConformOptions, type LogEvent } from 'kripke'
import { openWalk } from '../src/api/walk/walk.ts'
import type { EnabledStep } from '../src/api/walk/steps.ts'
import { plainJson } from '../src/report/json/plain.ts'

const EVENTS = 100_000
const ROUNDS = 5

interface Case {
  readonly name: string
  readonly log: string | readonly LogEvent[]
  readonly options: ConformOptions
}

/** Numerical Recipes' linear congruential generator. */
function generator(seed: number): (bound: number) => number {
  let state = seed
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * bound)
  }
}

/** The steps of a random walk. */
function walked(constants: object): EnabledStep[] {
  const walk = openWalk(truncateDma, { constants })
  const known = new Map<string, readonly EnabledStep[]>()
  const random = generator(7)
  const steps: EnabledStep[] = []
  let state = walk.initialStates[0]!
  while (steps.length < EVENTS) {
    const key = String(state)
    const enabled = known.get(key) ?? walk.stepsFrom(state).enabled
    known.set(key, enabled)
    const step = enabled[random(enabled.length)]!
    steps.push(step)
    state = step.state
  }
  return steps
}

function casesOf(users: number): Case[] {
  const constants = { design: 'wait-allocated', users } as const
  const steps = walked(constants)
  const full = steps.map(({ action, bindings }): LogEvent => ({ action, bindings }))
  const seen = (...names: readonly string[]): LogEvent[] =>
    steps.map(({ state }) => ({
      observes: Object.fromEntries(names.map((name) => [name, plainJson(state.get(name))])),
    }))
  const all = { constants, hidden: ['*'] }
  const name = (text: string): string => `${users} users: ${text}`
  return [
    { name: name('actions with bindings'), log: full, options: { constants } },
    {
      name: name('the same, as text'),
      log: full.map((event) => JSON.stringify(event)).join('\n'),
      options: { constants },
    },
    { name: name('names of actions only'), log: full.map(({ action }) => ({ action })), options: { constants } },
    { name: name('owner and truncate observed, all steps hidden'), log: seen('owner', 'truncate'), options: all },
    { name: name('truncate observed, all steps hidden'), log: seen('truncate'), options: all },
  ]
}

const cases = [...casesOf(2), ...casesOf(3)]
const seconds = new Map<string, number[]>(cases.map(({ name }) => [name, []]))
const most = new Map<string, number>()
for (let round = 0; round < ROUNDS; round++) {
  for (const { name, log, options } of cases) {
    const before = process.cpuUsage()
    const { verdict, mostStates } = conform(truncateDma, log, options)
    const { user, system } = process.cpuUsage(before)
    if (verdict !== 'conforms') throw new Error(`${name}: ${verdict}`)
    seconds.get(name)!.push((user + system) / 1e6)
    most.set(name, mostStates)
  }
}
console.log('| log of 100,000 events | most states at a time | seconds (range) | events per second |')
console.log('| --- | --- | --- | --- |')
for (const { name } of cases) {
  const sorted = seconds.get(name)!.toSorted((one, other) => one - other)
  const median = sorted[Math.floor(ROUNDS / 2)]!
  const range = `${sorted[0]!.toFixed(2)} to ${sorted.at(-1)!.toFixed(2)}`
  console.log(
    `| ${name} | ${most.get(name)!.toLocaleString('en')} | ${median.toFixed(2)} (${range}) | ${Math.round(EVENTS / median / 1000) * 1000} |`,
  )
}
