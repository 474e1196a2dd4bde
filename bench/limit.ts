/**
 * The machine's own limit: random reads and inserts per second, without a checker around them.
 *
 *     npm run limit -- [--runs 5] [--save]
 *
 * Reads: 2^21 of them from an array of the given size, at addresses that a hash of a counter gives. *Dependent*: the
 * next address depends on the word read, so each read waits for the previous one (latency). *Independent*: addresses do
 * not depend on reads, so the processor overlaps them, and two neighboring words are read, like a probe of an
 * open-addressed table (throughput). Both use the same hash, and its cost of about two nanoseconds is part of the
 * figures.
 *
 * Inserts: states of two words, all of them new, into an empty open-addressed table with linear probing, up to a load
 * of 0.84, by the hash of the seen set. *Plain* stores them. *Compare-exchange* first claims a place by its last word,
 * writes the other word, and then publishes the last one, as a table shared by several threads requires.
 *
 * One thread runs, or two that begin together. Rates include all threads, over the time of the slower one. Two threads
 * share one `SharedArrayBuffer`. Plain arrays cannot be shared, so each thread has its own array of the given size.
 * Each array is written before the measurement, so that the system has committed its pages. Nothing can be optimized
 * away, because sums of the words read are compared with their expected values, and occupied places are counted.
 * Figures are medians of several runs after a warm-up, with their range. Other programs on the machine affect them, so
 * the load before and after is reported. `--save` writes bench/results/limit-<date>-<commit>.json.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { median, spread } from './median.ts'

const RESULTS = 'bench/results'
const MIB = 2 ** 20
const READ_MIB = [8, 32, 128, 512, 1024]
const TABLE_MIB = [8, 128]
const READS = 2 ** 21
const FULLEST = 0.84
/**
 * The last word of a place that a thread has claimed and not filled yet. No state has this word, because bit 31 is
 * clear.
 */
const CLAIMED = 1
const OCCUPIED = 0x8000_0000 | 0

const KINDS = ['dependent', 'independent', 'plain', 'compare-exchange'] as const
type Kind = (typeof KINDS)[number]

/** The data that the threads of one measurement share. */
interface Task {
  readonly kinds: readonly Kind[]
  readonly mib: number
  readonly isShared: boolean
  readonly threads: number
  readonly runs: number
}

interface Assignment extends Task {
  readonly thread: number
  /** The number of arrivals at barriers, over all barriers. */
  readonly arrived: Int32Array
  readonly memory: SharedArrayBuffer | undefined
}

/** Milliseconds by kind: one for each run. */
type Times = { readonly [kind in Kind]?: readonly number[] }

/** The mixing steps of MurmurHash3 (A. Appleby, public domain). */
function mix(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** Reads that each depend on the previous one. All words of `memory` are 1. */
function readDependently(memory: Int32Array, from: number): number {
  const last = memory.length - 1
  let sum = 0
  let read = 0
  for (let index = 0; index < READS; index++) {
    read = memory[mix(from + index + read) & last]!
    sum += read
  }
  return sum
}

/** Reads of two neighboring words that depend only on a counter. All words of `memory` are 1. */
function readIndependently(memory: Int32Array, from: number): number {
  const last = (memory.length >> 1) - 1
  let sum = 0
  for (let index = 0; index < READS; index++) {
    const place = (mix(from + index) & last) * 2
    sum += memory[place]! & memory[place + 1]!
  }
  return sum
}

/** The home of a state of two words: the hash of the seen set. */
function hash(low: number, high: number): number {
  let mixed = Math.imul(0x9e3779b9 ^ low, 0x85ebca6b)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed ^ high, 0x85ebca6b)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/** Inserts the states numbered `from`, `from + stride`, ... below `end`. Returns the number of new states. */
function insertPlainly(table: Int32Array, from: number, end: number, stride: number): number {
  const last = (table.length >> 1) - 1
  let added = 0
  for (let number = from; number < end; number += stride) {
    const high = mix(number) | OCCUPIED
    for (let place = hash(number, high) & last; ; place = (place + 1) & last) {
      const found = table[place * 2 + 1]!
      if (found === high && table[place * 2] === number) break
      if (found !== 0) continue
      table[place * 2] = number
      table[place * 2 + 1] = high
      added++
      break
    }
  }
  return added
}

/** Like `insertPlainly`, but for several threads. */
function insertAtomically(table: Int32Array, from: number, end: number, stride: number): number {
  const last = (table.length >> 1) - 1
  let added = 0
  for (let number = from; number < end; number += stride) {
    const high = mix(number) | OCCUPIED
    for (let place = hash(number, high) & last; ; place = (place + 1) & last) {
      const at = place * 2 + 1
      // Two threads may find the same empty place. The thread whose exchange succeeds owns it, and the other one reads
      // the result.
      let found = Atomics.load(table, at)
      if (found === 0) {
        found = Atomics.compareExchange(table, at, 0, CLAIMED)
        if (found === 0) {
          table[at - 1] = number
          // Written after the other word, so that a thread that sees this word sees the whole state.
          Atomics.store(table, at, high)
          added++
          break
        }
      }
      // Another thread has claimed the place and will write a state, perhaps this one.
      while (found === CLAIMED) found = Atomics.load(table, at)
      if (found === high && table[at - 1] === number) break
    }
  }
  return added
}

/** Waits until all threads are at the barrier with number `barrier`, from 1. */
function meet({ arrived, threads }: Assignment, barrier: number): void {
  Atomics.add(arrived, 0, 1)
  Atomics.notify(arrived, 0)
  for (;;) {
    const already = Atomics.load(arrived, 0)
    if (already >= barrier * threads) return
    // Sleep instead of spinning, which would take the processor from a thread that has not arrived yet. An arrival
    // between the load and this line changes the word, so no thread misses it.
    Atomics.wait(arrived, 0, already)
  }
}

/** The work of one thread: each kind with one warm-up run, followed by the measured runs. */
function work(assignment: Assignment): Times {
  const { kinds, mib, threads, thread, runs, memory: shared } = assignment
  const memory = shared === undefined ? new Int32Array((mib * MIB) / 4) : new Int32Array(shared)
  const isFirst = shared === undefined || thread === 0
  let barrier = 0
  const times: { [kind in Kind]?: number[] } = {}
  for (const kind of kinds) {
    const isRead = kind === 'dependent' || kind === 'independent'
    const elapsed: number[] = (times[kind] = [])
    for (let run = 0; run <= runs; run++) {
      if (isFirst && (run === 0 || !isRead)) memory.fill(isRead ? 1 : 0)
      meet(assignment, ++barrier)
      const started = performance.now()
      if (isRead) {
        // Different addresses for each thread and run.
        const read = kind === 'dependent' ? readDependently : readIndependently
        require(read(memory, (thread * (runs + 1) + run) * READS) === READS, 'the reads do not add up')
      } else {
        const places = memory.length / 2
        const states = Math.floor(places * FULLEST)
        // Each thread fills its share of a shared table with its own states.
        const [from, stride] = shared === undefined ? [0, 1] : [thread, threads]
        const insert = kind === 'plain' ? insertPlainly : insertAtomically
        const added = insert(memory, from, states, stride)
        require(added === Math.ceil((states - from) / stride), 'a new state was taken for a known one')
      }
      if (run > 0) elapsed.push(performance.now() - started)
      meet(assignment, ++barrier)
      if (!isRead && isFirst) {
        let taken = 0
        for (let place = 1; place < memory.length; place += 2) if (memory[place] !== 0) taken++
        require(taken === Math.floor((memory.length / 2) * FULLEST), 'the table lost a state')
      }
    }
  }
  return times
}

function require(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(`The benchmark is wrong: ${sentence}.`)
}

interface Figure {
  readonly kind: Kind
  readonly mib: number
  readonly memory: 'plain' | 'shared'
  readonly threads: number
  /** Millions per second over all threads, one for each run. */
  readonly millions: readonly number[]
}

/** Runs a task on threads. The result is in millions of operations per second. */
async function measure(task: Task): Promise<Figure[]> {
  const arrived = new Int32Array(new SharedArrayBuffer(4))
  const memory = task.isShared ? new SharedArrayBuffer(task.mib * MIB) : undefined
  const times = await Promise.all(
    Array.from({ length: task.threads }, (_, thread) => {
      const assignment: Assignment = { ...task, thread, arrived, memory }
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: assignment })
      return new Promise<Times>((resolve, reject) => worker.once('message', resolve).once('error', reject))
    }),
  )
  return task.kinds.map((kind) => {
    const isRead = kind === 'dependent' || kind === 'independent'
    const inserts = Math.floor(((task.mib * MIB) / 8) * FULLEST) * (task.isShared ? 1 : task.threads)
    const operations = isRead ? READS * task.threads : inserts
    const slowest = times[0]![kind]!.map((_, run) => Math.max(...times.map((one) => one[kind]![run]!)))
    const millions = slowest.map((elapsedMs) => operations / elapsedMs / 1000)
    return { kind, mib: task.mib, memory: task.isShared ? 'shared' : 'plain', threads: task.threads, millions }
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, save: { type: 'boolean', default: false } },
  })
  const runs = Number(values.runs)
  if (!Number.isSafeInteger(runs) || runs < 1) {
    console.error(`--runs: ${values.runs} is no positive integer`)
    process.exit(151)
  }
  if (values.save) mkdirSync(RESULTS, { recursive: true })
  const figures: Figure[] = []
  const load = [loadavg()[0]!]
  console.log('what               MiB  memory  threads  millions a second        ns for each, in one thread')
  const both = [false, true].flatMap((isShared) => [1, 2].map((threads) => ({ isShared, threads })))
  const tasks: Task[] = [
    ...READ_MIB.flatMap((mib) => both.map((how) => ({ kinds: KINDS.slice(0, 2), mib, runs, ...how }))),
    ...TABLE_MIB.flatMap((mib) =>
      both.map((how) => ({
        // Two threads on one table need compare-exchange. A table of one thread does not.
        kinds: how.isShared ? KINDS.slice(how.threads === 1 ? 2 : 3) : KINDS.slice(2, 3),
        mib,
        runs: Math.min(runs, 3),
        ...how,
      })),
    ),
  ]
  for (const task of tasks) {
    for (const figure of await measure(task)) {
      figures.push(figure)
      const { kind, mib, memory, threads, millions } = figure
      const nanoseconds = (1000 * threads) / median(millions)
      const cells = [kind.padEnd(16), String(mib).padStart(5), memory.padStart(7), String(threads).padStart(8)]
      console.log(`${cells.join(' ')}  ${spread(millions, 1).padEnd(24)} ${nanoseconds.toFixed(1).padStart(6)}`)
    }
  }
  load.push(loadavg()[0]!)
  console.log(`load before and after, the benchmark's own included: ${load.map((one) => one.toFixed(1)).join(', ')}`)
  if (!values.save) return
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const path = `${RESULTS}/limit-${date}-${commit}.json`
  writeFileSync(path, `${JSON.stringify({ machine, node: process.version, commit, date, load, figures }, null, 2)}\n`)
  console.log(path)
}

if (isMainThread) await main()
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that rule is for windows, and this is a thread
else parentPort!.postMessage(work(workerData as Assignment))
