/**
 * The messages of a cluster as bytes.
 *
 * States travel as words behind a header of words, everything else as JSON. Each message begins with its kind and a
 * checksum. One of states also has the hash of the layout, because states mean nothing with another layout.
 *
 *     │ kind │ checksum of the rest │ layout │ level │ epoch │ number │ flags │ name length │ name … │ states … │
 */
import { damagedMessage } from '../../../errors.ts'
import { crcOfBytes, crcOfWords } from './crc.ts'
import type { Candidate } from '../../../properties/finding.ts'

/** Kinds of messages. */
const BATCH = 0x4b42
const ACK = 0x4b41
const STATES = 0x4b53
const TEXT = 0x4b54

const WORD = Int32Array.BYTES_PER_ELEMENT

/** The words before the name. */
const HEADER = 8

/** The level and the number of a command. */
export interface Turn {
  readonly level: number
  readonly epoch: number
}

/** Successors for the owner of their slots. */
export interface BatchMessage extends Turn {
  readonly kind: 'batch'
  /** The name of the sender. */
  readonly from: string
  /** From 0 up for each sender, receiver and turn. */
  readonly number: number
  /** Whether the sender has expanded its part of the level, and sends nothing more. */
  readonly isLast: boolean
  readonly states: Int32Array
}

/** The receiver has inserted the batch with this number. */
export interface AckMessage extends Turn {
  readonly kind: 'ack'
  readonly from: string
  readonly number: number
}

/** Anything that can be written as JSON. */
export interface TextMessage {
  readonly kind: 'text'
  readonly value: unknown
}

export type Message = BatchMessage | AckMessage | TextMessage

/** New states of a slot, as its journal has them. */
export interface JournalRecord {
  readonly depth: number
  readonly states: Int32Array
}

function withHeader(
  kind: number,
  layout: number,
  { level, epoch }: Turn,
  { number, flags = 0, name = '' }: { readonly number: number; readonly flags?: number; readonly name?: string },
  states: Int32Array,
): Uint8Array {
  const letters = Array.from(name, (letter) => letter.charCodeAt(0))
  const words = new Int32Array(HEADER + letters.length + states.length)
  words.set([kind, 0, layout, level, epoch, number, flags, letters.length, ...letters])
  words.set(states, HEADER + letters.length)
  words[1] = crcOfWords(words, 2, words.length)
  return new Uint8Array(words.buffer)
}

export function encodeBatch(message: Omit<BatchMessage, 'kind'>, layout: number): Uint8Array {
  const { number, isLast, from, states } = message
  return withHeader(BATCH, layout, message, { number, flags: isLast ? 1 : 0, name: from }, states)
}

export function encodeAck(message: Omit<AckMessage, 'kind'>, layout: number): Uint8Array {
  return withHeader(ACK, layout, message, { number: message.number, name: message.from }, NO_STATES)
}

export function encodeRecord({ depth, states }: JournalRecord, layout: number): Uint8Array {
  return withHeader(STATES, layout, { level: depth, epoch: 0 }, { number: 0 }, states)
}

const NO_STATES = new Int32Array()

/** @throws {CheckerError} KR114 if the message is damaged, or has states of another layout */
export function decodeMessage(bytes: Uint8Array, layout: number): Message {
  const words = wordsOf(bytes)
  const kind = words[0]
  if (kind === TEXT) return { kind: 'text', value: decodeText(bytes) }
  if (kind !== BATCH && kind !== ACK) throw damagedMessage('a message', 'it is of an unknown kind')
  const { name: from, states } = bodyOf(words, layout, 'a message')
  const [, , , level, epoch, number, flags] = words as unknown as number[]
  const turn = { level: level!, epoch: epoch!, number: number!, from }
  return kind === ACK ? { kind: 'ack', ...turn } : { kind: 'batch', ...turn, isLast: flags === 1, states }
}

/** @throws {CheckerError} KR114 if the record is damaged, or has states of another layout */
export function decodeRecord(bytes: Uint8Array, layout: number): JournalRecord {
  const words = wordsOf(bytes)
  if (words[0] !== STATES) throw damagedMessage('a journal', 'a record is of an unknown kind')
  const { states } = bodyOf(words, layout, 'a journal')
  return { depth: words[3]!, states }
}

function bodyOf(
  words: Int32Array,
  layout: number,
  where: string,
): { readonly name: string; readonly states: Int32Array } {
  if (words.length < HEADER || words[1] !== crcOfWords(words, 2, words.length)) {
    throw damagedMessage(where, 'its checksum is wrong')
  }
  if (words[2] !== layout) throw damagedMessage(where, 'its states have another layout')
  const end = HEADER + words[7]!
  return { name: String.fromCharCode(...words.subarray(HEADER, end)), states: words.subarray(end) }
}

/** The words of a message. They are copied if they are not aligned. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const length = bytes.byteLength >> 2
  if (bytes.byteOffset % WORD === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, length)
  // Not `slice`, because a buffer of Node.js does not copy then.
  return new Int32Array(new Uint8Array(bytes).buffer, 0, length)
}

/** A message that is not of states. */
export function encodeText(value: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(value, toJson))
  const bytes = new Uint8Array(2 * WORD + text.length)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, TEXT, true)
  view.setInt32(WORD, crcOfBytes(text), true)
  bytes.set(text, 2 * WORD)
  return bytes
}

/** @throws {CheckerError} KR114 if it is damaged */
export function decodeText(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = bytes.subarray(2 * WORD)
  if (bytes.length < 2 * WORD || view.getInt32(0, true) !== TEXT || view.getInt32(WORD, true) !== crcOfBytes(text)) {
    throw damagedMessage('a message', 'its checksum is wrong')
  }
  return JSON.parse(new TextDecoder().decode(text), fromJson)
}

/** JSON has neither typed arrays nor infinite numbers. */
function toJson(_: string, value: unknown): unknown {
  if (value instanceof Int32Array) return { '#words': [...value] }
  return value === Infinity || value === -Infinity ? { '#infinite': Math.sign(value) } : value
}

function fromJson(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { '#words': words, '#infinite': sign } = value as {
    readonly '#words'?: number[]
    readonly '#infinite'?: number
  }
  if (words !== undefined) return Int32Array.from(words)
  return sign === undefined ? value : sign * Infinity
}

/** Candidates that were found again after a recovery, once. */
export function withoutRepeats(candidates: readonly Candidate[]): Candidate[] {
  const known = new Map(candidates.map((candidate) => [JSON.stringify(candidate, toJson), candidate]))
  return [...known.values()]
}
