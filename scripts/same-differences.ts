/**
 * Compares the output of two builds, after replacing the parts that depend on the clock, on memory or on the folder of
 * a build:
 *
 * - in JSON, the numbers `seconds`, `statesPerSecond` and `peakMemoryBytes` of the run, of a variant and of a row: they
 *   are measured. Their types are compared, so that a figure that becomes null counts as a difference. Values in states
 *   and constants stay as they are;
 * - in an error's message, the seconds after which a function had not returned;
 * - in text, seconds such as `0.02 s`, and line breaks and spaces of that paragraph, because it is wrapped with the
 *   figure in it;
 * - in the tables of `bench` and `compare`, the cells below `seconds` and `states/s`, and the widths of columns;
 * - lines of `--ndjson` that report progress, because they come at times, not at states;
 * - the order of lines on standard error if no command is given: the help can arrive before the error or after it;
 * - the folder of a build and that of its cache.
 */

/** The result of one command. */
export interface Observed {
  readonly args: readonly string[]
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** The written files, by name. */
  readonly files: ReadonlyMap<string, string>
}

/** A place where two results differ. */
export interface Difference {
  /** `status`, or a stream or file with the line or the path in its JSON. */
  readonly path: string
  readonly old: string
  readonly now: string
}

/** The JSON paths of measured figures. */
const MEASURED = /^(?:result\.)?(?:(?:variants|rows)\[\d+\]\.)?(?:seconds|statesPerSecond|peakMemoryBytes)$/
const MOST = 50

/** The differences between two results of the same command. */
export function differences(old: Observed, now: Observed): readonly Difference[] {
  const found: Difference[] = []
  if (old.status !== now.status) found.push({ path: 'status', old: String(old.status), now: String(now.status) })
  const stderrOf = ({ args, stderr }: Observed): string => (args.length > 0 ? stderr : sorted(stderr))
  found.push(...ofTexts('stdout', old.stdout, now.stdout, 'stream'))
  found.push(...ofTexts('stderr', stderrOf(old), stderrOf(now), 'stream'))
  for (const name of new Set([...old.files.keys(), ...now.files.keys()])) {
    const [before, after] = [old.files.get(name), now.files.get(name)]
    if (before === undefined || after === undefined) {
      const words = (text: string | undefined): string => (text === undefined ? 'not written' : 'written')
      found.push({ path: name, old: words(before), now: words(after) })
    } else found.push(...ofTexts(name, before, after, 'file'))
  }
  return found
}

/** The number of things that `differences` compares: the status, two streams and the files. */
export function countOf({ files }: Observed): number {
  return 3 + files.size
}

function ofTexts(name: string, old: string, now: string, kind: 'stream' | 'file'): readonly Difference[] {
  if (old === now) return []
  const [before, after] = [documentOf(old), documentOf(now)]
  if (before !== undefined && after !== undefined) {
    const found = ofJson(before.value, after.value, '')
    if (before.layout !== after.layout) found.push({ path: '', old: before.layout, now: after.layout })
    return found.map((difference) => ({ ...difference, path: [name, difference.path].filter(Boolean).join(' ') }))
  }
  const linesOf = (text: string): readonly string[] => (kind === 'file' ? text : withoutTimes(text)).split('\n')
  return firstLine(name, linesOf(old), linesOf(now))
}

/** The first differing line only, because all lines after it may be shifted. */
function firstLine(name: string, old: readonly string[], now: readonly string[]): readonly Difference[] {
  const at = old.findIndex((line, index) => line !== now[index])
  const index = at < 0 ? old.length : at
  if (at < 0 && old.length === now.length) return []
  const [before, after] = [old[index] ?? 'no line', now[index] ?? 'no line']
  // A long line is shown from shortly before the difference.
  let same = 0
  while (same < before.length && before[same] === after[same]) same++
  const from = Math.max(0, same - 30)
  return [{ path: `${name} line ${index + 1}`, old: excerpt(before, from), now: excerpt(after, from) }]
}

/** The document or documents in a text, and their layout; undefined if the text is not JSON. */
function documentOf(text: string): Document | undefined {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const isIndented = text === `${JSON.stringify(value, null, 2)}\n`
    // `--ndjson` prints one line if there is no progress to report.
    return text.trimEnd().includes('\n')
      ? { value, layout: isIndented ? 'indented by 2' : 'otherwise' }
      : eventsOf(text)
  } catch {
    return eventsOf(text)
  }
}

function eventsOf(text: string): Document | undefined {
  try {
    const lines = text.trimEnd().split('\n')
    const events = lines.map((line) => JSON.parse(line) as Named)
    return {
      value: { result: events.at(-1), others: events.slice(0, -1).filter((it) => !isProgress(it)) },
      layout: 'one line each',
    }
  } catch {
    return undefined
  }
}

interface Document {
  readonly value: unknown
  /** The layout of the text. */
  readonly layout: string
}

function isProgress({ event }: Named): boolean {
  return event === 'progress'
}

function ofJson(old: unknown, now: unknown, path: string): Difference[] {
  if (MEASURED.test(path) && typeof old === 'number' && typeof now === 'number') return []
  if (!isObject(old) || !isObject(now) || Array.isArray(old) !== Array.isArray(now)) {
    return Object.is(untimedMessage(old, path), untimedMessage(now, path))
      ? []
      : [{ path, old: shown(old), now: shown(now) }]
  }
  const [before, after] = [Object.keys(old), Object.keys(now)]
  if (Array.isArray(old) && Array.isArray(now) && old.length !== now.length) {
    return [{ path: `${path}.length`, old: String(old.length), now: String(now.length) }, ...within()]
  }
  // A reader of the document sees the order of names.
  if (before.join('\n') !== after.join('\n')) {
    return [{ path: `${path} names`, old: before.join(', '), now: after.join(', ') }, ...within()]
  }
  return within()

  function within(): Difference[] {
    const found: Difference[] = []
    for (const name of before) {
      if (!Object.hasOwn(now as object, name) || found.length >= MOST) continue
      const place = Array.isArray(old) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
      found.push(...ofJson((old as Named)[name], (now as Named)[name], place))
    }
    return found
  }
}

function untimedMessage(value: unknown, path: string): unknown {
  if (typeof value !== 'string' || !/(?:^|\.)error\.message$/.test(path)) return value
  return value.replace(/has not returned after [\d.]+ s$/, 'has not returned after # s')
}

type Named = { readonly [name: string]: unknown }

function isObject(value: unknown): value is Named {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  return excerpt(JSON.stringify(value) ?? 'undefined', 0)
}

function excerpt(text: string, from: number): string {
  const rest = text.slice(from)
  return (from > 0 ? '...' : '') + (rest.length <= 100 ? rest : `${rest.slice(0, 97)}...`)
}

/** Works paragraph by paragraph, so that a paragraph without a figure keeps its layout. */
function withoutTimes(text: string): string {
  return text.split('\n\n').map(withoutTimesIn).join('\n\n')
}

function withoutTimesIn(paragraph: string): string {
  const lines = paragraph.split('\n').map(cellsOf)
  const isHead = (cells: readonly string[]): boolean => cells.some((cell) => TIMED_COLUMNS.includes(cell))
  const head = lines.find(isHead)
  if (head !== undefined) {
    return lines.map((cells) => cells.map((cell, column) => untimed(cell, head[column])).join(' | ')).join('\n')
  }
  const timed = paragraph.replace(/\d[\d,]*(?:\.\d+)? s\b/g, '# s')
  return timed === paragraph ? paragraph : timed.replace(/\s+/g, ' ').trim()
}

/** Cells are separated by two spaces or, as comma-separated values, by commas. */
function cellsOf(line: string): readonly string[] {
  return line.includes('  ') ? line.trim().split(/ {2,}/) : line.split(',')
}

function untimed(cell: string, column: string | undefined): string {
  return column !== undefined && TIMED_COLUMNS.includes(column) && /^[\d.,e-]+$/.test(cell) ? '#' : cell
}

function sorted(text: string): string {
  return text.split('\n').toSorted().join('\n')
}

const TIMED_COLUMNS = ['seconds', 'states/s', 'statesPerSecond', 'peakMemoryBytes']
