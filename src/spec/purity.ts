/**
 * Keeps clocks, random numbers and the outside world away from spec functions.
 *
 * Repeated evaluation detects most impure functions, but not a read of a clock that has not ticked in between. So
 * during spec functions, JavaScript's sources of time, randomness and later execution throw KR502.
 */
import { impure } from '../errors.ts'

type Holder = { [name: string]: unknown }

/** The forbidden functions: holder, property, and name in errors. */
const FORBIDDEN: readonly (readonly [holder: Holder | undefined, property: string, name: string])[] = [
  [Math as unknown as Holder, 'random', 'Math.random()'],
  [Date as unknown as Holder, 'now', 'Date.now()'],
  [globalThis.performance as unknown as Holder, 'now', 'performance.now()'],
  [globalThis.crypto as unknown as Holder, 'getRandomValues', 'crypto.getRandomValues()'],
  [globalThis.crypto as unknown as Holder, 'randomUUID', 'crypto.randomUUID()'],
  ...['hrtime', 'exit'].map(
    (name) => [(globalThis as unknown as { process?: Holder }).process, name, `process.${name}()`] as const,
  ),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'].map(
    (name) => [globalThis as unknown as Holder, name, `${name}()`] as const,
  ),
]

/** A `Date` that does not give the current time. */
const TIMELESS_DATE = new Proxy(Date, {
  construct(target, values, newTarget) {
    if (values.length === 0) throw impure('a spec function', 'calls new Date()')
    return Reflect.construct(target, values, newTarget) as object
  },
  apply() {
    throw impure('a spec function', 'calls Date()')
  },
})

/** The number of nested calls of `purely`. */
let nesting = 0

/** Whether a spec function is running. */
export function isPure(): boolean {
  return nesting > 0
}

/** Runs `body`. Clocks and random numbers throw meanwhile. Calls may nest. */
export function purely<T>(body: () => T): T {
  if (nesting > 0) return body()
  nesting++
  const restore = forbid()
  try {
    return body()
  } finally {
    restore()
    nesting--
  }
}

function forbid(): () => void {
  const undo: (() => void)[] = []
  const replace = (holder: object, property: string, value: unknown): void => {
    const original = Object.getOwnPropertyDescriptor(holder, property)
    Object.defineProperty(holder, property, { value, configurable: true, writable: true })
    undo.push(() => {
      if (original === undefined) delete (holder as Holder)[property]
      else Object.defineProperty(holder, property, original)
    })
  }
  for (const [holder, property, name] of FORBIDDEN) {
    if (holder === undefined) continue
    const refuse = (): never => {
      throw impure('a spec function', `calls ${name}`)
    }
    // `hrtime` has its own method `bigint`.
    replace(holder, property, Object.assign(refuse, { bigint: refuse }))
  }
  replace(globalThis, 'Date', TIMELESS_DATE)
  return () => undo.reverse().forEach((step) => step())
}
