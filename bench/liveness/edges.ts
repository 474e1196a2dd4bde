/**
 * Measures one pass over all steps of a state graph: stored, stored as differences, or recomputed.
 *
 *     esbuild bench/liveness/edges.ts --bundle --packages=external --platform=node --format=esm --alias:kripke=./src/index.ts --outfile=dist/bench/edges.mjs
 *     node dist/bench/edges.mjs 8
 */
import { Numbering } from '../../src/store/numbering.ts'
import { Batch } from '../../src/semantics/successor-batch.ts'
import { prepareRun } from '../../test/support/explicit-run.ts'
import { prepareGraph } from '../../src/engine/explicit/temporal.ts'
import { temporalInstances } from '../../src/spec/temporal-instances.ts'
import twoPhaseLive from './two-phase-live.ts'

const STRIDE = 256
const ROUNDS = 5

const run = prepareRun(twoPhaseLive, { constants: { resourceManagers: Number(process.argv[2] ?? 8) } })
run.search.begin(run.initial)
timed('search', () => {
  while (run.search.frontier.words > 0) run.search.expandLevel()
})
const formulas = run.settings.properties.filter(({ kind }) => kind === 'temporal').flatMap(temporalInstances)
const { graph } = prepareGraph(run, formulas)
timed('build', () => {
  for (const _ of graph.build(() => false));
})
const { firsts, targets, size } = graph
const steps = firsts[size]!
console.log(`${size} states, ${steps} steps`)

for (let round = 0; round < ROUNDS; round++) {
  timed(`stored: ${(4 * steps) / 2 ** 20} MiB`, () => {
    let sum = 0
    for (let state = 0; state < size; state++) {
      for (let step = firsts[state]!; step < firsts[state + 1]!; step++) sum += targets[step]!
    }
    return sum
  })
}

/** Zigzag differences to the previous step; the first one to the state itself. Seven bits in a byte. */
const bytes = new Uint8Array(5 * steps)
const offsets = new Uint32Array(size + 1)
timed('encode', () => {
  let at = 0
  for (let state = 0; state < size; state++) {
    offsets[state] = at
    let before = state
    for (let step = firsts[state]!; step < firsts[state + 1]!; step++) {
      const difference = targets[step]! - before
      before = targets[step]!
      let rest = ((difference << 1) ^ (difference >> 31)) >>> 0
      for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128
      bytes[at++] = rest
    }
  }
  offsets[size] = at
})
for (let round = 0; round < ROUNDS; round++) {
  timed(`differences: ${offsets[size]! / 2 ** 20} MiB`, () => {
    let sum = 0
    for (let state = 0; state < size; state++) {
      let before = state
      for (let at = offsets[state]!, end = offsets[state + 1]!; at < end;) {
        let rest = 0
        let shift = 0
        let byte = bytes[at++]!
        for (; byte > 127; byte = bytes[at++]!, shift += 7) rest |= (byte & 127) << shift
        rest |= byte << shift
        before += (rest >>> 1) ^ -(rest & 1)
        sum += before
      }
    }
    return sum
  })
}

const { width } = run.layout
const numbering = new Numbering(run.search.index, width, size)
const batch = new Batch(width, new Float64Array(run.instances.length), false, STRIDE)
const expander = run.evaluator.next.expander!(batch, { dead() {}, failed() {} })
for (let offset = 0; offset < run.initial.length; offset += width) batch.append(run.initial, offset, 0, 0)
numbering.assign(batch)
const states = new Int32Array(STRIDE * width)
for (let round = 0; round < ROUNDS; round++) {
  timed('derived', () => {
    let sum = 0
    for (let from = 0, to; from < numbering.count; from = to) {
      to = Math.min(numbering.count, from + STRIDE)
      numbering.read(from, to, states)
      for (let at = 0; at < (to - from) * width;) {
        batch.size = 0
        at = expander.expand(states, at, (to - from) * width)
        const found = numbering.assign(batch)
        for (let index = 0; index < batch.size / batch.stride; index++) sum += found[index]!
      }
    }
    return sum
  })
}

function timed(what: string, work: () => unknown): void {
  const before = process.cpuUsage()
  work()
  const { user } = process.cpuUsage(before)
  console.log(`${what}: ${Math.round(user / 1000)} ms`)
}
