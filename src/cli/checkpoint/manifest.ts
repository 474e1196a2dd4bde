/**
 * The manifest of a checkpoint folder: what is valid in it.
 *
 * The file begins with a line that names its format. Then follow the CRC-32 of the rest, and the rest as msgpackr writes
 * it. Another manifest replaces it by a rename, so the folder always has one whole checkpoint.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { Packr } from 'msgpackr'
import { badCheckpoint, fileFailed } from '../../errors.ts'
import type { RunRecord } from '../../api/options.ts'
import { VERSION } from '../../report/version.ts'

/** A part of a file, with its checksum. */
export interface Segment {
  readonly bytes: number
  /** CRC-32. */
  readonly crc: number
}

/** What the user asked for. */
export interface RunDescription {
  /** The path of the spec as the user wrote it, and the folder from which it leads there. */
  readonly path: string
  readonly folder: string
  /** SHA-256 of the compiled spec. */
  readonly hash: string
  /** The options of the command. */
  readonly options: { readonly [name: string]: unknown }
}

/** What a run that ended printed. */
export interface Report {
  readonly text: string
  readonly line: string
  readonly document: unknown
  readonly status: number
}

/** A file, and what of it is valid. */
export interface ValidFile {
  readonly file: string
  readonly segments: readonly Segment[]
}

/** What a checkpoint has. */
export type SavedStates = { readonly record: RunRecord } & (
  | {
      /** The states of the seen set. */
      readonly journal: ValidFile
      readonly frontier: { readonly file: string; readonly segment: Segment }
    }
  /** See `StatesOnDisk`. */
  | { readonly slots: readonly ValidFile[]; readonly level: ValidFile; readonly from: number; readonly next: ValidFile }
)

export interface Manifest {
  readonly kripke: string
  readonly run: RunDescription
  /** Seconds that the run took so far. */
  readonly seconds: number
  /** Undefined before the first checkpoint. */
  readonly saved: SavedStates | undefined
  /** Undefined as long as the run may go on. */
  readonly report: Report | undefined
}

/** The name of its file. */
export const MANIFEST = 'manifest'
const MAGIC = Buffer.from('kripke checkpoint 1\n')
const packr = new Packr({ useRecords: false, moreTypes: true })

/** @throws {CheckerError} KR111 if there is none, or if it is damaged or of another version */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST)
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw badCheckpoint(folder, 'the folder has no checkpoint')
    throw fileFailed('read', path, code ?? String(thrown))
  }
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badCheckpoint(folder, `${MANIFEST} is not a manifest of this version of Kripke`)
  }
  const content = bytes.subarray(MAGIC.length + 4)
  if (bytes.length < MAGIC.length + 4 || crc32(content) !== bytes.readUInt32LE(MAGIC.length)) {
    throw badCheckpoint(folder, `${MANIFEST} is damaged`)
  }
  const manifest = packr.unpack(content) as Manifest
  if (manifest.kripke === VERSION) return manifest
  throw badCheckpoint(folder, `Kripke ${manifest.kripke} wrote it, but this is Kripke ${VERSION}`)
}

/** Replaces the manifest. @throws an error of the system; then the earlier manifest is whole */
export function writeManifest(folder: string, manifest: Manifest): void {
  const content = packr.pack(manifest)
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(crc32(content))
  const draft = join(folder, `${MANIFEST}.new`)
  writeDurably(draft, [MAGIC, crc, content])
  renameSync(draft, join(folder, MANIFEST))
  synchronize(folder)
}

/** Writes a whole file, and waits until it is on the disk. */
export function writeDurably(path: string, parts: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w')
  try {
    for (const part of parts) writeAll(file, part)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Writes all bytes. The system may write fewer at once.
 *
 * @param position - in the file; null for the end of what was written
 */
export function writeAll(file: number, bytes: Uint8Array, position: number | null = null): void {
  for (let at = 0; at < bytes.length;) {
    at += writeSync(file, bytes, at, bytes.length - at, position === null ? null : position + at)
  }
}

/** Waits until the names in a folder are on the disk. */
function synchronize(folder: string): void {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
