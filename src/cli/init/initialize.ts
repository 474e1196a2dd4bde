/**
 * Writes a new spec, its test and a tsconfig.json.
 *
 * The files are copies of those in `templates`, with another name in place of `last-put`. They are tested as they are there.
 */
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { badOption, fileFailed } from '../../errors.ts'
import { requireSpecName } from './spec-name.ts'

/** The bundled command line lies in `dist/cli`. */
const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url))

const TEMPLATE_NAME = 'last-put'

/** Packages that the written files import. */
const PACKAGES = ['kripke', 'vitest']

/**
 * Writes the files for the spec `name` into `folder`: all of them, or none.
 *
 * @returns the lines to print
 * @throws {CheckerError} KR101 if the name is unsuitable or taken, KR105 if a file cannot be written
 */
export function initialize(name: string, folder: string): string[] {
  requireSpecName(name)
  const settings = settingsAbove(folder)
  const templates = ['.ts', '.test.ts'].map((ending): Copy => [`${name}${ending}`, `${TEMPLATE_NAME}${ending}`])
  const copies = settings === undefined ? [...templates, ['tsconfig.json', 'tsconfig.json'] as const] : templates
  for (const [file] of copies) requireFree(folder, file)
  writeAll(copies.map(([file, template]) => [join(folder, file), contentOf(template, name)]))
  return [
    ...copies.map(([file]) => `wrote ${file}`),
    ...(settings === undefined ? [] : [`kept ${relative(folder, settings)}`]),
    '',
    'next:',
    ...nextSteps(name, folder),
  ]
}

/** The name of a file, and the template that it is made from. */
type Copy = readonly [file: string, template: string]

/** The commands to go on with, each with what it does. */
function nextSteps(name: string, folder: string): string[] {
  const missing = missingPackages(folder)
  const steps = [
    ...(missing.length === 0
      ? []
      : [[`npm install --save-dev ${missing.join(' ')}`, 'installs what the files import'] as const]),
    [`npx kripke check ${name}.ts`, 'finds a bug, and shows it in four steps'],
    [`npx vitest run ${name}.test.ts`, 'runs the test'],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length))
  return steps.map(([command, does]) => `  ${command.padEnd(width)}  ${does}`)
}

/** The tsconfig.json of the project: that of the folder, or one above it up to the next package.json. */
function settingsAbove(folder: string): string | undefined {
  const here = join(folder, 'tsconfig.json')
  if (isThere(here)) return here
  const all = above(folder)
  const project = all.findIndex((place) => isThere(join(place, 'package.json')))
  return all
    .slice(0, project + 1)
    .map((place) => join(place, 'tsconfig.json'))
    .find(isThere)
}

/** Those of the packages that no package.json of the folder or above it names. */
function missingPackages(folder: string): string[] {
  const known = new Set(above(folder).flatMap((place) => packagesOf(join(place, 'package.json'))))
  return PACKAGES.filter((name) => !known.has(name))
}

/** The name of a package, and the names of its dependencies. */
function packagesOf(path: string): string[] {
  try {
    const { name, dependencies, devDependencies } = JSON.parse(readFileSync(path, 'utf8'))
    return [name, ...Object.keys({ ...dependencies, ...devDependencies })]
  } catch {
    return []
  }
}

/** @throws {CheckerError} KR101 if there is something with this name: a link that leads nowhere, too */
function requireFree(folder: string, file: string): void {
  if (!isThere(join(folder, file))) return
  throw badOption(`${file} must not exist yet, but it does`, 'use another name, or move the file away')
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** A folder and those above it, the nearest first. */
function above(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...above(parent)]
}

function contentOf(template: string, name: string): string {
  return readFileSync(join(TEMPLATES, template), 'utf8').replaceAll(TEMPLATE_NAME, name)
}

/** Writes new files. If one cannot be written, removes the others. @throws {CheckerError} KR105 */
function writeAll(files: readonly (readonly [path: string, content: string])[]): void {
  const written: string[] = []
  for (const [path, content] of files) {
    try {
      writeFileSync(path, content, { flag: 'wx' })
      written.push(path)
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException
      // A full disk leaves an empty file. One that somebody else wrote meanwhile stays.
      if (code !== 'EEXIST') written.push(path)
      for (const mine of written) rmSync(mine, { force: true })
      throw fileFailed('write', path, code ?? message)
    }
  }
}
