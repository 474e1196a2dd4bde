/** Finds the module of a spec, so that other threads can import it. */
import { badOption } from '../errors.ts'
import { moduleOf, type AnySpec } from '../spec/spec.ts'

interface ThreadOptions {
  readonly workers?: number | undefined
  readonly module?: string | undefined
}

/** A module that has run already imports at once. One that waits for this very run never does. */
const IMPORT_MS = 2000

/**
 * Options that name the module of the spec if several threads need it: the module that called `spec`.
 *
 * @throws {CheckerError} KR101 if other threads cannot import the spec from there
 */
export async function withModule<O extends ThreadOptions>(spec: AnySpec, options: O): Promise<O> {
  const { workers = 1, module } = options
  if (!(workers > 1) || module !== undefined) return options
  const found = moduleOf(spec)
  if (found === undefined) return options
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('has not finished loading'), IMPORT_MS)
  })
  const imported = await Promise.race([importedFrom(found), tooLong])
  clearTimeout(timer)
  if (typeof imported === 'object' && imported.default === spec) return { ...options, module: found }
  const problem = typeof imported === 'string' ? imported : 'does not export the spec as default'
  throw badOption(
    `several workers must import the module of the spec, but ${found} ${problem}`,
    'export the spec as default from a JavaScript module of its own, or give the URL of one: check(spec, { workers, module })',
  )
}

async function importedFrom(url: string): Promise<{ readonly default?: unknown } | string> {
  try {
    return (await import(url)) as { readonly default?: unknown }
  } catch {
    return 'cannot be imported by Node.js'
  }
}
