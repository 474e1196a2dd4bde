/**
 * Builds dist/cli: the command line.
 *
 * A small check takes less time than loading the command line. So its code is one script with the program, which
 * `load-program.ts` loads with the code that V8 compiled in an earlier run. All other files are small: `main.js`, one for each
 * kind of thread, and modules with the names that specs and tests import.
 */
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const OUT = 'dist/cli'

const { resolve } = createRequire(import.meta.url)

/** The entry of the program: what its threads need, and what specs import. */
const PROGRAM = `
  export * as kripke from './src/index.ts'
  export * as immutable from 'immutable'
  export { main, programOf } from './src/cli/command-line.ts'
  export { printCrash, printUnreturned } from './src/cli/supervisor/errors.ts'
  export { runCommand } from './src/cli/command.ts'
  export { runWatchedCommand } from './src/cli/watch/watched-command.ts'
  export const runSearch = async () => (await import('./src/cli/explore/search/search-thread.ts')).runSearch()
  export const prepareWorker = async () => (await import('./src/engine/explicit/parallel/worker.ts')).default
  export const prepareVariantWorker = async () => (await import('./src/api/variants/variant-worker.ts')).default
  export { runMutantTask } from './src/cli/mutate/mutant-worker.ts'
  export const prepareWalkWorker = async () => (await import('./src/engine/simulation/walk-worker.ts')).default`

/** The main modules of threads: scripts, because Node takes longer to load its loader of modules. */
const THREADS = {
  command: `loadProgram(process.argv[2]).runCommand().then((status) => {
    process.exitCode = status
    keepCode(status)
  })`,
  // A timer of the spec would keep the thread alive.
  'watched-command': "loadProgram('check').runWatchedCommand().then((status) => process.exit(status))",
  search: "loadProgram('check').runSearch()",
  worker: "module.exports = loadProgram('check').prepareWorker()",
  'variant-worker': "module.exports = loadProgram('compare').prepareVariantWorker()",
  'mutant-worker': "module.exports = loadProgram('mutate').runMutantTask",
  'walk-worker': "module.exports = loadProgram('simulate').prepareWalkWorker()",
}

const SCRIPT = {
  bundle: true,
  metafile: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  define: { 'import.meta.url': 'SCRIPT_URL' },
}

/** Defines the URL of a file that is a CommonJS module. The program gets its own as an argument. */
const SCRIPT_URL = { js: "const SCRIPT_URL = require('node:url').pathToFileURL(__filename).href" }

/** Builds everything, except for the packages `external`. @returns the results of esbuild */
export async function commandLine(external, define) {
  mkdirSync(OUT, { recursive: true })
  writeFileSync(join(OUT, 'package.json'), '{ "type": "commonjs" }\n')
  const names = Object.keys(await import('immutable')).filter((name) => name !== 'default' && name !== 'module.exports')
  const program = await build({
    ...SCRIPT,
    define: { ...SCRIPT.define, ...define },
    stdin: { contents: PROGRAM, resolveDir: '.' },
    external,
    plugins: [ownImmutable(names), withoutProcesses],
    write: false,
  })
  const text = asAscii(`(function (require, importModule, SCRIPT_URL) {
'use strict'
const module = { exports: {} }
${immutableText()}
${program.outputFiles[0].text.replaceAll(/(?<![.\w])import\(/g, 'importModule(')}
return module.exports
})`)
  writeFileSync(join(OUT, 'program.js'), text)
  const loader = await build({
    ...SCRIPT,
    define: { ...SCRIPT.define, PROGRAM_HASH: JSON.stringify(createHash('sha256').update(text).digest('hex')) },
    banner: SCRIPT_URL,
    entryPoints: ['src/cli/program/load-program.ts'],
    outdir: OUT,
  })
  const main = await build({
    ...SCRIPT,
    entryPoints: ['src/cli/main.ts'],
    outdir: OUT,
    banner: SCRIPT_URL,
    plugins: [theLoader],
  })
  chmodSync(join(OUT, 'main.js'), 0o755)
  for (const [name, code] of Object.entries(THREADS)) {
    writeFileSync(join(OUT, `${name}.js`), `const { keepCode, loadProgram } = require('./load-program.js')\n${code}\n`)
  }
  writeModule('command-line', ['main', 'programOf'], 'loadProgram()')
  writeModule('kripke', await exportsOf('src/index.ts'), 'loadProgram().kripke')
  writeModule('immutable', names, 'loadProgram().immutable')
  // As in the CommonJS form.
  appendFileSync(join(OUT, 'immutable.mjs'), "export * as default from './immutable.mjs'\n")
  return [program, loader, main]
}

/** Kripke reads the program byte by byte. What is not ASCII is in strings, regular expressions and comments. */
function asAscii(text) {
  return text.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Writes a module that exports properties of an object. */
function writeModule(name, properties, object) {
  const lines = properties.map((property) => `export const ${property} = it.${property}`)
  const text = `import { createRequire } from 'node:module'
const { loadProgram } = createRequire(import.meta.url)('./load-program.js')
const it = ${object}
${lines.join('\n')}
`
  writeFileSync(join(OUT, `${name}.mjs`), text)
}

/** The variable that holds immutable.js in the program. */
const IMMUTABLE = 'immutableJs'

/** Imports immutable.js from a variable. If it were bundled, its classes would be renamed, and `console.log` shows their names. */
function ownImmutable(names) {
  return {
    name: 'immutable',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^immutable$/ }, ({ path }) => ({ path, namespace: 'own', sideEffects: false }))
      onLoad({ filter: /./, namespace: 'own' }, () => ({
        contents: `export const { ${names.join(', ')} } = ${IMMUTABLE}`,
      }))
    },
  }
}

/** A statement that defines that variable. It is not made by esbuild, which would rename classes here too. */
function immutableText() {
  const source = readFileSync(join(dirname(resolve('immutable')), 'immutable.es.js'), 'utf8')
  const [statement, list] = /^export \{([^}]*)\};\s*$/m.exec(source) ?? []
  if (statement === undefined || source.split(/^(?:export|import)\b/m).length !== 2)
    throw new Error('immutable.es.js does not end with one list of exports')
  const properties = list.split(',').map((item) => {
    const [name, exported = name] = item.trim().split(' as ')
    return `${exported}: ${name}`
  })
  return `const ${IMMUTABLE} = (() => {\n${source.replace(statement, `return { ${properties.join(', ')} }\n`)}})()`
}

/** Commander loads what starts processes, which takes long. It needs that only for commands in files of their own. */
const withoutProcesses = {
  name: 'without-processes',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('commander') ? { path, namespace: 'empty' } : undefined,
    )
    onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** Every file of a thread shares one loader, and so one program. */
const theLoader = {
  name: 'the-loader',
  setup({ onResolve }) {
    onResolve({ filter: /\/load-program\.ts$/ }, () => ({ path: './load-program.js', external: true }))
  },
}

/** The names that a module exports. */
async function exportsOf(entry) {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    write: false,
    metafile: true,
    format: 'esm',
    outfile: 'out.js',
  })
  return metafile.outputs['out.js'].exports
}
