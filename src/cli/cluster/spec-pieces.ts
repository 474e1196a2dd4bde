/** A compiled spec on its way to another machine. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { damagedMessage } from '../../errors.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { OWN_PACKAGES } from '../spec-loader/bundle-options.ts'
import { TemporaryModule } from '../spec-loader/temporary-module.ts'

/** A message of a NATS server has at most 1 MiB unless its configuration says otherwise. */
const PIECE_BYTES = 2 ** 19

/** The spec and what it imports, in pieces. The other machine has its own copy of `kripke` and of immutable.js. */
export function piecesOf(module: string): { readonly pieces: Uint8Array[]; readonly hash: string } {
  let code = readFileSync(fileURLToPath(module), 'utf8')
  for (const [name, url] of Object.entries(OWN_PACKAGES)) code = code.replaceAll(url, placeholder(name))
  const packed = gzipSync(code)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < packed.length; at += PIECE_BYTES) pieces.push(packed.subarray(at, at + PIECE_BYTES))
  return { pieces, hash: hashOf(packed) }
}

/** Imports a spec from its pieces. @throws {CheckerError} KR114 if a piece is missing or damaged */
export async function specOf(pieces: readonly Uint8Array[], hash: string): Promise<AnySpec> {
  const packed = Buffer.concat(pieces)
  if (hashOf(packed) !== hash) throw damagedMessage('the spec', 'its checksum is wrong')
  let code = gunzipSync(packed).toString()
  for (const [name, url] of Object.entries(OWN_PACKAGES)) code = code.replaceAll(placeholder(name), url)
  const { file } = new TemporaryModule(code)
  const { default: spec } = (await import(pathToFileURL(file).href)) as { default: AnySpec }
  return spec
}

function placeholder(name: string): string {
  return `kripke-installation:${name}`
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
