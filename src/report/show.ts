/** Values, numbers and sizes as text. */
export { show, sorted } from '../spec/show.ts'

/** `1,745,408`. */
export function count(number: number | bigint): string {
  // By hand: to load what knows all languages takes longer than a small check.
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 step`, `5 steps`. */
export function plural(number: number | bigint, noun: string): string {
  return `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}`
}

/** Seconds to two digits, more where it takes them to say anything. */
export function seconds(value: number): string {
  return value < 0.01 ? value.toFixed(3) : value.toFixed(2)
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes to two digits or three: `21 MiB`, `1.4 GiB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** power
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : count(Math.round(scaled))} ${UNITS[power]}`
}
