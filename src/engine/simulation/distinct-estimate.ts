/**
 * Counts distinct states exactly while they are few, and estimates them from then on. The estimate always takes 16 KiB.
 *
 * It is HyperLogLog. From the fingerprint of a state, 14 bits choose a register. The register keeps the longest run of
 * zeros at the start of the other half. Merging sketches takes the larger of each register, so it does not matter which
 * thread saw a state.
 *
 * Sources: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog" (AofA 2007), for the registers; O. Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches" (2017), algorithm 6, for the estimate, which needs neither ranges nor
 * tables.
 */
import type { Fingerprint } from '../../semantics/fingerprint.ts'

const INDEX_BITS = 14
const REGISTERS = 2 ** INDEX_BITS

/** Bits in which to count leading zeros. */
const RUN_BITS = 32

/** Up to this many states the count is exact. */
export const COUNTED_STATES = 10_000

/** The relative standard error of the estimate: 1.04 / √registers, 0.8 %. */
export const STANDARD_ERROR: number = 1.04 / Math.sqrt(REGISTERS)

/** The states that a thread saw, in a form that it can send. */
export interface Sketch {
  /** By register: the longest run of zeros plus one; 0 if no state chose it. */
  readonly registers: Uint8Array
  /** All fingerprints while they are few, else undefined. */
  readonly few: ReadonlySet<number> | undefined
}

export class DistinctEstimate implements Sketch {
  readonly registers: Uint8Array = new Uint8Array(REGISTERS)
  few: Set<number> | undefined = new Set()

  /** Adds the state that `fingerprint` read last. */
  add(fingerprint: Fingerprint): void {
    const { low, high } = fingerprint
    const register = low >>> (32 - INDEX_BITS)
    const run = Math.clz32(high) + 1
    if (run > this.registers[register]!) this.registers[register] = run
    if (this.few === undefined) return
    this.few.add(fingerprint.number)
    this.#keepFew()
  }

  /** Adds the states of another sketch. */
  merge({ registers, few }: Sketch): void {
    for (let index = 0; index < REGISTERS; index++) {
      if (registers[index]! > this.registers[index]!) this.registers[index] = registers[index]!
    }
    if (few === undefined) this.few = undefined
    for (const number of few ?? []) this.few?.add(number)
    this.#keepFew()
  }

  get isCounted(): boolean {
    return this.few !== undefined
  }

  /** The exact or estimated number of states. */
  get size(): number {
    return this.few?.size ?? Math.round(estimate(this.registers))
  }

  #keepFew(): void {
    if (this.few !== undefined && this.few.size > COUNTED_STATES) this.few = undefined
  }
}

function estimate(registers: Uint8Array): number {
  const counts = new Float64Array(RUN_BITS + 2)
  for (const run of registers) counts[run]!++
  let sum = REGISTERS * tau(1 - counts[RUN_BITS + 1]! / REGISTERS)
  for (let run = RUN_BITS; run > 0; run--) sum = 0.5 * (sum + counts[run]!)
  sum += REGISTERS * sigma(counts[0]! / REGISTERS)
  return (REGISTERS * REGISTERS) / (2 * Math.LN2 * sum)
}

/** x + Σ 2ᵏ⁻¹ x^2ᵏ: the contribution of registers that no state chose. */
function sigma(x: number): number {
  if (x === 1) return Infinity
  let sum = x
  for (let power = x * x, weight = 1; ; power *= power, weight *= 2) {
    const more = sum + power * weight
    if (more === sum) return sum
    sum = more
  }
}

/** The contribution of full registers. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let sum = 1 - x
  for (let root = Math.sqrt(x), weight = 0.5; ; root = Math.sqrt(root), weight /= 2) {
    const less = sum - (1 - root) ** 2 * weight
    if (less === sum) return sum / 3
    sum = less
  }
}
