/**
 * Runs a write-ahead log on a real file along every transition of the spec that `specs/kernel/write-ahead-log.ts` checks.
 *
 *     npx vitest run examples/write-ahead-log
 *     MISTAKE=yes npx vitest run examples/write-ahead-log    # fails, and shows how
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drive, DriveError } from 'kripke/drive'
import { afterAll, expect, it } from 'vitest'
import writeAheadLog from '../../specs/kernel/write-ahead-log.ts'
import { BlockFile } from './block-file.ts'
import { blockNames, WriteAheadLog } from './log.ts'

const BLOCKS = 2
const folder = mkdtempSync(join(tmpdir(), 'write-ahead-log-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0

/** A log on a file of its own, and the transaction that it is in. */
class System {
  readonly path = join(folder, `log${files++}`)
  readonly forgetsFlush: boolean
  file = new BlockFile(this.path, blockNames(BLOCKS))
  log: WriteAheadLog
  version = 1
  transaction: Generator<void, void>
  phase: 'running' | 'crashed' | 'recovered' = 'running'

  constructor(forgetsFlush: boolean) {
    this.forgetsFlush = forgetsFlush
    this.log = this.#open()
    this.transaction = this.log.transaction(this.version)
  }

  /** Runs the transaction up to its next write or flush. */
  step(): void {
    if (this.transaction.next().done === true) this.transaction = this.log.transaction(++this.version)
  }

  /** A power failure: the process is gone, and the file has some of the unflushed writes. */
  crash(survived: Iterable<string>): void {
    this.file.crash(survived)
    this.file.close()
    this.phase = 'crashed'
  }

  /** Another process opens the same file. */
  recover(): void {
    this.file = new BlockFile(this.path, blockNames(BLOCKS))
    const { acknowledged } = this.log
    this.log = this.#open()
    this.log.acknowledged = acknowledged
    this.log.recover()
    this.phase = 'recovered'
  }

  /** What is at home on the disk. Nobody looks at the records of the log. */
  observe() {
    const { phase, log } = this
    const home = (name: string): number => this.file.readFile(name)
    const disk = phase === 'crashed' ? undefined : { home1: home('home1'), home2: home('home2') }
    return { phase, disk, acknowledged: log.acknowledged }
  }

  close(): void {
    if (this.phase !== 'crashed') this.file.close()
  }

  #open(): WriteAheadLog {
    return new WriteAheadLog(this.file, { blocks: BLOCKS, forgetsFlush: this.forgetsFlush })
  }
}

const LABELS = ['log', 'logged', 'commit', 'committed', 'checkpoint', 'home', 'reset', 'empty']

const driveLog = (forgetsFlush: boolean) =>
  drive(writeAheadLog, {
    constants: { blocks: BLOCKS, transactions: 2 },
    setup: () => new System(forgetsFlush),
    actions: {
      ...Object.fromEntries(LABELS.map((label) => [`writer.${label}`, (it: System) => it.step()])),
      crash: (it: System, { survived }: { survived: Iterable<string> }) => it.crash(survived),
      recover: (it: System) => it.recover(),
    },
    // The file writes nothing back by itself, except in a crash.
    skip: ['writeBack'],
    chosenByTest: ['crash'],
    observe: (it) => it.observe(),
    teardown: (it) => it.close(),
  })

it('the log follows its spec on every path, through every crash', async () => {
  const driven = await driveLog(process.env['MISTAKE'] !== undefined)
  expect(driven.notMade.size).toBe(0)
  expect(driven.transitions).toEqual({ covered: driven.transitions!.all, all: driven.transitions!.all })
})

it('a log that forgets a flush is found, by the shortest way to a torn transaction', async () => {
  const error: unknown = await driveLog(true).catch((thrown: unknown) => thrown)
  if (!(error instanceof DriveError)) throw new Error('not found')
  // The commit record survives the crash, and a record does not.
  expect(error.path).toEqual([
    'writer.log',
    'writer.logged',
    'writer.commit',
    expect.stringMatching(/^crash \{survived: .*\}$/),
    'recover',
  ])
})
