/** What TypeScript prints with `--pretty false --listFiles`, as data. */
import { isAbsolute, resolve } from 'node:path'

/** An error that TypeScript found. */
export interface Diagnostic {
  /** One sentence without its full stop. */
  readonly message: string
  /** `TS` and a number. */
  readonly code: string
  /** `path:line:column`; undefined if the error is in no file. */
  readonly at: string | undefined
  /** The sentences below it, from the general to the particular. */
  readonly because: readonly string[]
}

/** `file(line,column): error TS2322: message`, or without a place. */
const ERROR = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/

/**
 * The errors, in the order of the output, and the files that were read. Paths are made absolute.
 *
 * @param folder - to which the paths in the output are relative
 */
export function parseDiagnostics(
  output: string,
  folder: string = process.cwd(),
): { diagnostics: readonly Diagnostic[]; files: readonly string[] } {
  const diagnostics: (Diagnostic & { readonly because: string[] })[] = []
  const files: string[] = []
  for (const line of output.split(/\r?\n/)) {
    const [, file, row, column, code, message] = ERROR.exec(line) ?? []
    if (code !== undefined) {
      const at = file === undefined ? undefined : `${resolve(folder, file)}:${row}:${column}`
      diagnostics.push({ message: sentence(message!), code, at, because: [] })
    } else if (/^\s+\S/.test(line)) diagnostics.at(-1)?.because.push(sentence(line))
    else if (isAbsolute(line)) files.push(line)
  }
  return { diagnostics, files }
}

function sentence(text: string): string {
  return text.trim().replace(/\.$/, '')
}
