/**
 * Shows that two builds print and write the same. It runs each bundled spec, in each variant and with many settings, by
 * the command lines of this checkout and of an older one. It compares JSON, text, exit statuses and trace files.
 *
 *     npm run same -- ../old-checkout             # everything; both builds run the spec files of this checkout
 *     npm run same -- ../old-checkout --quick     # a choice
 *     npm run same -- ../old-checkout --own-specs # each build runs the spec files of its own checkout
 *
 * Prints one line for each difference, with the command. The status is 1 if there are any. If the old build also
 * differs from itself when it repeats the command, the difference is marked and is not an error.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { countOf, differences, type Difference, type Observed } from './same-differences.ts'
import { runsOf, type Run } from './same-runs.ts'

const MAIN = 'dist/cli/main.js'
/** If the new build takes this many times longer than the limit of the old one, that counts as a difference. */
const MAX_TIMES_LONGER = 6
/** Maximal number of runs of the old build to find out whether it agrees with itself. */
const TRIES = 4
const MAX_REPLAYED = 2
const MAX_SHOWN = 3

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    'own-specs': { type: 'boolean', default: false },
    /** Only the commands that contain this text. */
    only: { type: 'string', default: '' },
    /** Time limit of the old build for a command, in seconds. Slower commands are skipped. */
    seconds: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '2' },
  },
})
const [oldArgument] = positionals
if (oldArgument === undefined || !existsSync(join(oldArgument, MAIN))) {
  console.error('usage: npm run same -- OLD_CHECKOUT [--quick] [--own-specs] [--only TEXT] [--seconds 10] [--jobs 2]')
  console.error(`OLD_CHECKOUT must be a folder with a built ${MAIN}`)
  process.exit(2)
}
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'same-results-')))
const boundMs = Number(values.seconds) * 1000

/** A build and the root of the spec files that it runs. */
interface Side {
  readonly root: string
  readonly specs: string
  readonly cache: string
}
const now: Side = { root: process.cwd(), specs: process.cwd(), cache: join(scratch, 'cache-now') }
const oldRoot = resolve(oldArgument)
const old: Side = { root: oldRoot, specs: values['own-specs'] ? oldRoot : now.specs, cache: join(scratch, 'cache-old') }

let compared = 0
let different = 0
let varying = 0
let commands = 0
const skipped: string[] = []
const started = performance.now()

const oldRuns = runsOf(old.specs)
const pairs = runsOf(now.specs)
  .map((run, index): readonly [Run, Run] => [oldRuns[index]!, run])
  .filter(([, { args, isQuick }]) => (isQuick || !values.quick) && args.join(' ').includes(values.only))
console.log(`K='node CHECKOUT/${MAIN}' repeats a command of this list, in an empty folder`)
const waiting = pairs.values()
let taken = 0
const ticker = setInterval(() => console.error(`${taken} of ${pairs.length} commands`), 30_000)
try {
  await Promise.all(Array.from({ length: Number(values.jobs) }, (_, job) => work(join(scratch, `job-${job}`))))
} finally {
  clearInterval(ticker)
  rmSync(scratch, { recursive: true, force: true })
}
const seconds = (performance.now() - started) / 1000
for (const line of skipped) console.log(`skipped, over ${values.seconds} s in the old build: ${line}`)
console.log(
  `${commands} commands in each build, ${compared} comparisons of statuses, streams and files: ${different} different, ` +
    `${varying} that vary in the old build, ${skipped.length} skipped; ${seconds.toFixed(0)} s`,
)
process.exitCode = different > 0 || commands === 0 ? 1 : 0

/** Both builds run in the same folder, one after the other, because traces contain paths. */
async function work(folder: string): Promise<void> {
  for (const [oldRun, run] of waiting) {
    taken++
    const before = await results(old, oldRun, folder, boundMs)
    if (before === undefined) {
      skipped.push(run.args.join(' '))
      continue
    }
    const after = await results(now, run, folder, boundMs * MAX_TIMES_LONGER)
    if (after === undefined) {
      different++
      console.log(`DIFFERENT ${byHand([run.args])}\n    took over ${(boundMs * MAX_TIMES_LONGER) / 1000} s`)
      continue
    }
    await report(oldRun, folder, before, after)
  }
}

async function report(
  oldRun: Run,
  folder: string,
  before: readonly Observed[],
  after: readonly Observed[],
): Promise<void> {
  commands += before.length
  compared += before.reduce((sum, observed) => sum + countOf(observed), 0)
  const found = before.map((observed, index) => differencesOf(observed, after[index]))
  if (found.every((list) => list.length === 0)) return

  const again: (readonly Observed[])[] = [before]
  while (again.length < TRIES) again.push((await results(old, oldRun, folder, boundMs * MAX_TIMES_LONGER)) ?? [])
  for (const [index, list] of found.entries()) {
    const varies = new Set(
      again.flatMap((one, at) =>
        again.slice(at + 1).flatMap((other) => {
          const [a, b] = [one[index], other[index]]
          return a === undefined || b === undefined ? [] : differences(a, b).map(({ path }) => path)
        }),
      ),
    )
    const command = byHand(index === 0 ? [before[0]!.args] : [before[0]!.args, before[index]!.args])
    const real = list.filter(({ path }) => !varies.has(path))
    different += real.length === 0 ? 0 : 1
    if (real.length > 0) console.log(['DIFFERENT ' + command, ...shownOf(real)].join('\n'))
    else if (list.length > 0) {
      varying++
      console.log(['varies in the old build: ' + command, ...shownOf(list)].join('\n'))
    }
  }
}

function differencesOf(before: Observed, after: Observed | undefined): readonly Difference[] {
  return after === undefined ? [{ path: 'replay', old: 'a trace', now: 'no trace' }] : differences(before, after)
}

function shownOf(found: readonly Difference[]): string[] {
  const lines = found.slice(0, MAX_SHOWN).map(({ path, old, now }) => `    ${path}: ${old} → ${now}`)
  return found.length > MAX_SHOWN ? [...lines, `    and ${found.length - MAX_SHOWN} more`] : lines
}

/** The command for a shell. `$K` stands for `node dist/cli/main.js` of either build. */
function byHand(commands: readonly (readonly string[])[]): string {
  const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
  return commands.map((args) => ['$K', ...args.map(quoted)].join(' ')).join(' ; ')
}

/** Runs a command, then replays the first traces that it wrote; undefined if one takes too long. */
async function results(
  side: Side,
  { args }: Run,
  folder: string,
  ms: number,
): Promise<readonly Observed[] | undefined> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const first = await observe(side, args, folder, ms)
  if (first === undefined) return undefined
  const observed = [first]
  const traces = [...first.files.keys()].filter((name) => name.endsWith('.itf.json')).slice(0, MAX_REPLAYED)
  for (const [index, trace] of traces.entries()) {
    const replayed = await observe(side, ['replay', trace, ...(index === 0 ? ['--json'] : ['--full'])], folder, ms)
    if (replayed === undefined) return undefined
    observed.push({ ...replayed, files: new Map() })
  }
  return observed
}

async function observe(side: Side, args: readonly string[], folder: string, ms: number): Promise<Observed | undefined> {
  const ended = await execute(side, args, folder, ms)
  if (ended === undefined) return undefined
  const files = readdirSync(folder)
    .toSorted()
    .map((name): [string, string] => [name, placeless(readFileSync(join(folder, name), 'utf8'), side, folder)])
  const [stdout, stderr] = [placeless(ended.stdout, side, folder), placeless(ended.stderr, side, folder)]
  return { args, status: ended.status, stdout, stderr, files: new Map(files) }
}

/** Removes the folder of a build, its cache and, if it has its own, its specs. */
function placeless(text: string, side: Side, folder: string): string {
  const built = text.replaceAll(join(side.root, 'dist'), '<dist>').replaceAll(side.cache, '<cache>')
  if (!values['own-specs']) return built
  // The relative path first, because it can contain the other.
  return built.replaceAll(relative(folder, side.root), '<checkout>').replaceAll(side.root, '<checkout>')
}

function execute(
  side: Side,
  args: readonly string[],
  cwd: string,
  ms: number,
): Promise<{ status: number | null; stdout: string; stderr: string } | undefined> {
  return new Promise((done, reject) => {
    const env = { ...process.env, FORCE_COLOR: '', NO_COLOR: '1', KRIPKE_CACHE: side.cache }
    // A group of its own, because `bench` starts processes.
    const child = spawn(process.execPath, [join(side.root, MAIN), ...args], {
      ...{ cwd, env, detached: true },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      process.kill(-child.pid!, 'SIGKILL')
    }, ms)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      done(isLate ? undefined : { status, stdout, stderr })
    })
  })
}
