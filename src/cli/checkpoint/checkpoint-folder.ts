/**
 * A folder with the checkpoints of one run.
 *
 *     manifest       what is valid; see manifest.ts
 *     states-N       the journal: packed states of the seen set, only appended to
 *     frontier-N     the states that are not expanded
 *     slot-N         once memory is full: the journal of a slot of the seen set
 *     level-N        then: the states of a level
 *     lock           the process that uses the folder
 *
 * A commit brings the journal and a new frontier to the disk, and then replaces the manifest. So the folder always has
 * one whole checkpoint: the last one or the one before.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { badCheckpoint, badOption, CheckerError, fileFailed } from '../../errors.ts'
import {
  OutOfDisk,
  type CheckpointStore,
  type Disk,
  type DiskNews,
  type RunRecord,
  type SavedRun,
  type StatesOnDisk,
  type WordFile,
} from '../../api/options.ts'
import { VERSION } from '../../report/version.ts'
import {
  MANIFEST,
  readManifest,
  writeManifest,
  type Manifest,
  type Report,
  type RunDescription,
  type Segment,
  type ValidFile,
} from './manifest.ts'
import { DiskFile } from './disk-file.ts'
import { readStates, StateWriter } from './state-files.ts'

const now = performance.now.bind(performance)

/** Receives what the user should know while the run goes on. */
export interface Listener {
  /** A checkpoint cannot be written; the earlier one stays. */
  failed(error: CheckerError): void
  /** A file of states cannot be written or read, which ends the run. */
  ended(error: CheckerError): void
  told(news: DiskNews, folder: string): void
}

export class CheckpointFolder implements CheckpointStore {
  readonly folder: string
  readonly disk: Disk
  readonly #everyMs: number
  readonly #listener: Listener
  #manifest: Manifest
  /** Whether the run has not gone on from the saved one yet. */
  #isSaved: boolean
  #journal: StateWriter | undefined
  #segments: Segment[] = []
  /** The error of the system since the last commit. */
  #failure: unknown
  #generation: number
  readonly #startedMs = now()
  readonly #earlierSeconds: number
  #committedMs = now()
  /** Whether checkpoints begin once memory is full. */
  #isWaiting = false
  /** The files on disk that the run uses. */
  readonly #open = new Set<DiskFile>()

  private constructor(folder: string, manifest: Manifest, everyMs: number, listener: Listener) {
    this.folder = folder
    this.#manifest = manifest
    this.#everyMs = everyMs
    this.#listener = listener
    this.disk = {
      create: (kind) => this.#create(kind),
      commit: (record, states) => this.#commitOnDisk(record, states),
      tell: (news) => this.#listener.told(news, folder),
    }
    this.#isSaved = manifest.saved !== undefined
    this.#earlierSeconds = manifest.seconds
    this.#generation = generationOf(folder)
  }

  /**
   * Makes the folder ready for a new run.
   *
   * @throws {CheckerError} KR101 if it has an unfinished run, KR105 if it cannot be written, KR111 if another process
   *   uses it
   */
  static create(
    folder: string,
    run: RunDescription,
    { everyMs, isForDisk }: { readonly everyMs: number; readonly isForDisk: boolean },
    listener: Listener,
  ): CheckpointFolder {
    try {
      mkdirSync(folder, { recursive: true })
      const names = readdirSync(folder)
      requireOurs(folder, names)
      requireFinished(folder, names)
      lock(folder)
      // Until the first checkpoint there is nothing to go on with.
      rmSync(join(folder, MANIFEST), { force: true })
      const manifest = { kripke: VERSION, run, seconds: 0, saved: undefined, report: undefined }
      const made = new CheckpointFolder(folder, manifest, everyMs, listener)
      made.#isWaiting = isForDisk
      return made
    } catch (thrown) {
      throw asFileError(folder, thrown)
    }
  }

  /**
   * Opens the folder of an earlier run.
   *
   * @throws {CheckerError} KR105, KR111 if the folder has no whole checkpoint, or if another process uses it
   */
  static open(folder: string, everyMs: number, listener: Listener): CheckpointFolder {
    const manifest = readManifest(folder)
    try {
      lock(folder)
      return new CheckpointFolder(folder, manifest, everyMs, listener)
    } catch (thrown) {
      throw asFileError(folder, thrown)
    }
  }

  /** What the user asked for. */
  get run(): RunDescription {
    return this.#manifest.run
  }

  /** What the run printed if it ended. */
  get report(): Report | undefined {
    return this.#manifest.report
  }

  /** Seconds that the run took, with those of earlier processes. */
  get seconds(): number {
    return this.#earlierSeconds + (now() - this.#startedMs) / 1000
  }

  /** Whether there is a checkpoint with states. */
  get hasStates(): boolean {
    return this.#manifest.saved !== undefined
  }

  get saved(): SavedRun | undefined {
    const { saved } = this.#manifest
    if (!this.#isSaved || saved === undefined) return undefined
    const { record } = saved
    const { folder } = this
    if ('slots' in saved) return { record, open: () => this.#reopen(saved) }
    const { journal, frontier } = saved
    return {
      record,
      states: () => readStates(folder, journal.file, journal.segments, record.width),
      frontier: () => readStates(folder, frontier.file, [frontier.segment], record.width),
    }
  }

  isDue(): boolean {
    return !this.#isWaiting && now() - this.#committedMs >= this.#everyMs
  }

  restart(): void {
    this.#isSaved = false
    this.#close()
    this.#segments = []
  }

  resumed(): void {
    const { saved } = this.#manifest
    if (saved === undefined || 'slots' in saved) return
    const { journal } = saved
    this.#isSaved = false
    this.#segments = [...journal.segments]
    const length = this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#try(() => {
      this.#journal = new StateWriter(this.folder, journal.file, length)
    })
    this.#committedMs = now()
  }

  append(states: Int32Array): void {
    this.#try(() => this.#opened().append(states))
  }

  commit(record: RunRecord, frontier: Iterable<Int32Array>): boolean {
    this.#try(() => {
      const journal = this.#opened()
      const segments = [...this.#segments, journal.flush()]
      const file = `frontier-${++this.#generation}`
      const writer = new StateWriter(this.folder, file, 0)
      for (const states of frontier) writer.append(states)
      const saved = { record, journal: { file: journal.name, segments }, frontier: { file, segment: writer.flush() } }
      writer.close()
      this.#replace({ ...this.#manifest, saved })
      this.#segments = segments
    })
    this.#committedMs = now()
    if (this.#failure === undefined) return true
    this.#listener.failed(asFileError(this.folder, this.#failure))
    this.#failure = undefined
    this.restart()
    return false
  }

  #opened(): StateWriter {
    return (this.#journal ??= new StateWriter(this.folder, `states-${++this.#generation}`, 0))
  }

  #create(kind: 'slot' | 'level'): WordFile {
    this.#isWaiting = false
    return this.#used(() => DiskFile.create(this.folder, `${kind}-${++this.#generation}`, this.#keeper()))
  }

  /** Opens the files of the checkpoint. */
  #reopen({ slots, level, from, next }: Extract<Manifest['saved'], { slots: unknown }>): StatesOnDisk {
    const open = (valid: ValidFile): WordFile => {
      return this.#used(() => DiskFile.open(this.folder, valid, this.#keeper()))
    }
    const states = { slots: slots.map(open), level: open(level), from, next: open(next) }
    this.#isSaved = false
    this.#committedMs = now()
    return states
  }

  #used(make: () => DiskFile): DiskFile {
    const file = this.#guarded(make)
    this.#open.add(file)
    return file
  }

  #keeper(): { guarded: <T>(work: () => T) => T; released: (file: DiskFile) => void } {
    return {
      guarded: (work) => this.#guarded(work),
      released: (file) => {
        this.#open.delete(file)
        if (!namesOf(this.#manifest.saved).has(file.name)) rmSync(join(this.folder, file.name), { force: true })
      },
    }
  }

  /** @throws {OutOfDisk} if the system cannot do the work, after it told why */
  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      const error = asFileError(this.folder, thrown)
      if (error.code === 'KR111') throw error
      this.#listener.ended(error)
      throw new OutOfDisk()
    }
  }

  #commitOnDisk(record: RunRecord, { slots, level, from, next }: StatesOnDisk): boolean {
    const valid = (file: WordFile): ValidFile => (file as DiskFile).flush()
    this.#committedMs = now()
    try {
      const saved = { record, slots: slots.map(valid), level: valid(level), from, next: valid(next) }
      this.#close()
      this.#segments = []
      this.#replace({ ...this.#manifest, saved })
      return true
    } catch (thrown) {
      this.#listener.failed(asFileError(this.folder, thrown))
      return false
    }
  }

  /** Keeps what the run printed. The states are not needed any longer. @throws {CheckerError} KR105 */
  finish(report: Report): void {
    this.#end({ ...this.#manifest, saved: undefined, report })
  }

  /** Keeps the options of a run that ended before it found a state. @throws {CheckerError} KR105 */
  keepOptions(): void {
    if (!this.hasStates) this.#end(this.#manifest)
  }

  /** Removes the states and the manifest of a run that an error of its spec ended. */
  discard(): void {
    this.#close()
    this.#closeDisk()
    for (const name of readdirSync(this.folder)) {
      if (name !== LOCK) rmSync(join(this.folder, name), { force: true })
    }
  }

  #end(manifest: Manifest): void {
    this.#close()
    this.#closeDisk()
    try {
      this.#replace(manifest)
    } catch (thrown) {
      throw asFileError(this.folder, thrown)
    }
  }

  /** Lets other processes use the folder. */
  close(): void {
    this.#close()
    this.#closeDisk()
    rmSync(join(this.folder, LOCK), { force: true })
  }

  #replace(manifest: Omit<Manifest, 'seconds'>): void {
    const whole = { ...manifest, seconds: this.seconds }
    writeManifest(this.folder, whole)
    this.#manifest = whole
    this.#removeUnused()
  }

  /** Removes files of states that the manifest does not name, except the open journal. */
  #removeUnused(): void {
    const { saved } = this.#manifest
    const used = new Set([this.#journal?.name, ...namesOf(saved), ...Array.from(this.#open, ({ name }) => name)])
    for (const name of readdirSync(this.folder)) {
      if (STATES.test(name) && !used.has(name)) rmSync(join(this.folder, name), { force: true })
    }
  }

  /** After an error nothing else is written until the next commit. */
  #try(write: () => void): void {
    if (this.#failure !== undefined) return
    try {
      write()
    } catch (thrown) {
      this.#failure = thrown
    }
  }

  #closeDisk(): void {
    for (const file of this.#open) file.close()
    this.#open.clear()
  }

  #close(): void {
    try {
      this.#journal?.close()
    } catch {
      // Its contents do not count any longer.
    }
    this.#journal = undefined
  }
}

const LOCK = 'lock'
const STATES = /^(?:states|frontier|slot|level)-\d+$/

/** The files that a checkpoint needs. */
function namesOf(saved: Manifest['saved']): Set<string> {
  if (saved === undefined) return new Set()
  if ('slots' in saved) return new Set([...saved.slots, saved.level, saved.next].map(({ file }) => file))
  return new Set([saved.journal.file, saved.frontier.file])
}

/** Refuses a folder with other files, because a checkpoint folder is removed as a whole. */
function requireOurs(folder: string, names: readonly string[]): void {
  const other = names.find((name) => !/^(?:manifest(?:\.new)?|lock|(?:states|frontier|slot|level)-\d+)$/.test(name))
  if (other === undefined) return
  throw badOption(
    `--checkpoint must name an empty folder, but ${folder} has ${other}`,
    'name a folder that does not exist',
  )
}

/** Refuses the folder of a run that may go on. What is left of others does not count. */
function requireFinished(folder: string, names: readonly string[]): void {
  if (!names.includes(MANIFEST) || readManifest(folder).saved === undefined) return
  throw badOption(
    `--checkpoint must name a folder without an unfinished run, but ${folder} has one`,
    `go on with it by kripke check --resume ${folder}, or remove the folder`,
  )
}

/** @throws {CheckerError} KR111 if another process uses the folder */
function lock(folder: string): void {
  const path = join(folder, LOCK)
  const own = ownerText(process.pid)
  try {
    writeFileSync(path, own, { flag: 'wx' })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown
    const owner = readFileSync(path, 'utf8')
    const [number] = owner.split(' ')
    if (owner !== own && isRunning(Number(number)) && [number, ownerText(Number(number))].includes(owner)) {
      throw badCheckpoint(folder, `process ${number} uses the folder`, 'wait for that process, or end it')
    }
    writeFileSync(path, own)
  }
}

/** The number of a process, and when it began, as far as the system tells: another process may get the same number. */
function ownerText(number: number): string {
  try {
    const fields = readFileSync(`/proc/${number}/stat`, 'utf8')
    return `${number} ${fields.slice(fields.lastIndexOf(')')).split(' ')[20]}`
  } catch {
    return String(number)
  }
}

function isRunning(number: number): boolean {
  if (!(number > 0)) return false
  try {
    return process.kill(number, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The greatest number of a file of states. */
function generationOf(folder: string): number {
  const numbers = readdirSync(folder)
    .filter((name) => STATES.test(name))
    .map((name) => Number(name.split('-')[1]))
  return Math.max(0, ...numbers)
}

function asFileError(folder: string, thrown: unknown): CheckerError {
  if (thrown instanceof CheckerError) return thrown
  const { code, message } = thrown as NodeJS.ErrnoException
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return badOption(`--checkpoint must name a folder, but ${folder} is a file`, 'name a folder that does not exist')
  }
  return fileFailed('write to', folder, code ?? message)
}
