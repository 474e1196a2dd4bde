/** CRC-32 (ISO 3309, as in zlib), four bytes at a time (Kounavis and Berry, "Slicing-by-4", 2005). */

const POLYNOMIAL = 0xedb88320

/** Table `k` has the remainder of each byte that `k` zero bytes follow. */
const TABLES: readonly Int32Array[] = makeTables()

function makeTables(): Int32Array[] {
  const tables = Array.from({ length: 4 }, () => new Int32Array(256))
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ POLYNOMIAL
    tables[0]![byte] = rest
  }
  for (let table = 1; table < 4; table++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[table - 1]![byte]!
      tables[table]![byte] = (before >>> 8) ^ tables[0]![before & 0xff]!
    }
  }
  return tables
}

/** The checksum of the little-endian bytes of these words, as a 32-bit integer. */
export function crcOfWords(words: Int32Array, from: number, to: number): number {
  const [t0, t1, t2, t3] = TABLES as [Int32Array, Int32Array, Int32Array, Int32Array]
  let crc = -1
  for (let at = from; at < to; at++) {
    crc ^= words[at]!
    crc = t3[crc & 0xff]! ^ t2[(crc >>> 8) & 0xff]! ^ t1[(crc >>> 16) & 0xff]! ^ t0[crc >>> 24]!
  }
  return ~crc
}

/** The checksum of bytes. */
export function crcOfBytes(bytes: Uint8Array): number {
  const table = TABLES[0]!
  let crc = -1
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!
  return ~crc
}
