/**
 * Checks the types of a spec by the TypeScript of its own project.
 *
 * The compiler gets a tsconfig.json of its own, which extends the nearest one of the spec and names the spec as its only file.
 * Below a tsconfig.json, TypeScript looks for `types` in the folders above. So this one lies in the `node_modules` of the project.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, parse, relative, resolve } from 'node:path'
import { fileFailed, packageMissing, typesWrong, type Detail } from '../../errors.ts'
import { fullPath } from '../spec-loader/full-path.ts'
import { postToSupervisor } from '../supervisor/supervision.ts'
import { parseDiagnostics, type Diagnostic } from './diagnostics.ts'

/** How many errors are shown besides the first. */
const SHOWN = 4

/**
 * A spec may import files that its tsconfig.json does not list (TS6307). That matters only to a compiler that emits files.
 */
const IGNORED = ['TS6307']

/** The options of a spec that has no tsconfig.json. */
const DEFAULTS = {
  target: 'es2023',
  lib: ['es2023'],
  module: 'esnext',
  moduleResolution: 'bundler',
  allowImportingTsExtensions: true,
  strict: true,
  skipLibCheck: true,
}

/** What the compiler printed, and its exit status. */
interface Compiled {
  readonly output: string
  readonly status: number | null
}

/**
 * Checks the types of the spec that the user calls `path`.
 *
 * @returns the files that the types depend on
 * @throws {CheckerError} KR212 for a type error, KR107 if TypeScript is not installed, KR105 if it cannot run
 */
export async function checkTypes(path: string): Promise<readonly string[]> {
  const absolute = fullPath(path)
  // Loading the spec reports this better.
  if (!existsSync(absolute)) return []
  const compiler = compilerFor(absolute)
  const folder = folderFor(absolute)
  try {
    const project = join(folder, 'tsconfig.json')
    writeFileSync(project, JSON.stringify(settingsFor(absolute, folder)))
    const { output, status } = await compile(compiler, project)
    const { diagnostics, files } = parseDiagnostics(output)
    const found = diagnostics.filter(({ code }) => !IGNORED.includes(code))
    if (found.length > 0) throw errorOf(found)
    if (status !== 0 && diagnostics.length === 0) {
      throw fileFailed('run', compiler, output.trim().split('\n')[0] || `it ended with status ${status}`)
    }
    return files
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The compiler's script. @throws {CheckerError} KR107 */
function compilerFor(absolute: string): string {
  const { resolve: find } = createRequire(absolute)
  try {
    const manifest = find('typescript/package.json')
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tsc: string } }
    return resolve(dirname(manifest), bin.tsc)
  } catch {
    throw packageMissing(['typescript'], '--types', 'leave out --types')
  }
}

/** Creates a folder for the configuration: in the nearest `node_modules`, or elsewhere if that is impossible. */
function folderFor(absolute: string): string {
  const packages = nearest(absolute, 'node_modules')
  for (const parent of packages === undefined ? [tmpdir()] : [packages, tmpdir()]) {
    try {
      const folder = mkdtempSync(join(parent, '.kripke-'))
      postToSupervisor({ kind: 'folder', path: folder })
      return folder
    } catch {
      // Then the next place.
    }
  }
  throw fileFailed(
    'write to',
    tmpdir(),
    'no temporary folder can be made',
    'set TMPDIR to a folder that you may write to',
  )
}

/** The configuration for one spec. The nearest tsconfig.json has its say, except about output. */
function settingsFor(absolute: string, folder: string): object {
  const base = nearest(absolute, 'tsconfig.json')
  return {
    ...(base !== undefined && { extends: base }),
    compilerOptions: {
      ...(base === undefined && DEFAULTS),
      ...(/\.[cm]?jsx?$/.test(absolute) && { allowJs: true }),
      noEmit: true,
      emitDeclarationOnly: false,
      // The spec may lie outside of the folder whose files are compiled.
      rootDir: parse(absolute).root,
      // A project that asks for such a file would get it among its own.
      incremental: true,
      tsBuildInfoFile: join(folder, 'tsconfig.tsbuildinfo'),
    },
    files: [absolute],
    include: [],
    references: [],
  }
}

/** The nearest file or folder of this name in the folders above. */
function nearest(absolute: string, name: string): string | undefined {
  for (let folder = dirname(absolute), last = ''; folder !== last; last = folder, folder = dirname(folder)) {
    const path = join(folder, name)
    if (existsSync(path)) return path
  }
  return undefined
}

/** Runs the compiler. @throws {CheckerError} KR105 */
function compile(compiler: string, project: string): Promise<Compiled> {
  return new Promise((done, reject) => {
    const args = [compiler, '--project', project, '--pretty', 'false', '--listFiles']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    }
    child.on('error', ({ message }) => reject(fileFailed('run', compiler, message)))
    child.on('close', (status) => done({ output, status }))
  })
}

/** A place as one would type it here. */
function shorter(place: string): string {
  const short = relative(process.cwd(), place)
  return short.length < place.length ? short : place
}

/** One error for all: the first is told in full. */
function errorOf([first, ...others]: readonly Diagnostic[]): Error {
  const { message, code, at, because } = first!
  const more = others.length - SHOWN
  const details: Detail[] = [
    ...(because.length === 0 ? [] : [['because', because.join('; ')] as const]),
    ...others
      .slice(0, SHOWN)
      .map((other): Detail => [
        other.at === undefined ? 'also' : shorter(other.at),
        `${other.message} (${other.code})`,
      ]),
    ...(more > 0 ? [['more', `${more} more type ${more === 1 ? 'error' : 'errors'}`] as const] : []),
  ]
  return typesWrong(`${message} (${code})`, at, details)
}
