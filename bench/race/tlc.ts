/**
 * TLC, if the environment variable TLA2TOOLS names its jar.
 *
 * Limit: it has never run, because the jar was not available. The counts would reveal a wrong module.
 */
import { copyFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { firstLine } from './commands.ts'
import { insist, numberIn, type Contestant } from './contestant.ts'

const named = process.env['TLA2TOOLS']
/** Resolved from here, because TLC runs in its own folder. */
const jar = named === undefined ? undefined : resolve(named)

/** TLC warns without this collector. The heap gets half the machine's memory. */
const JAVA = ['-XX:+UseParallelGC', `-Xmx${Math.floor(totalmem() / 2 ** 31)}g`]

export const tlc: Contestant = {
  name: 'tlc',
  version: () => {
    const java = firstLine('java', '-version')
    return jar === undefined || java === undefined ? undefined : `the TLC that TLA2TOOLS names, ${java}`
  },
  prepare: ({ source, defines }, workers, folder) => {
    if (jar === undefined) return 'TLC is run only if the environment variable TLA2TOOLS names tla2tools.jar'
    copyFileSync(`bench/race/models/${source}.tla`, `${folder}/${source}.tla`)
    const constants = Object.entries(defines).map(([name, value]) => `CONSTANT ${name} = ${value}\n`)
    writeFileSync(`${folder}/${source}.cfg`, `SPECIFICATION Spec\n${constants.join('')}INVARIANT Invariant\n`)
    const flags = ['-workers', String(workers), '-checkpoint', '0', '-config', `${source}.cfg`, '-metadir', 'metadata']
    return {
      command: ['java', ...JAVA, 'tlc2.TLC', ...flags, `${source}.tla`],
      folder,
      environment: { CLASSPATH: jar },
      settings: [...JAVA, ...flags.slice(0, 4)].join(' '),
      distinct: distinctOf,
    }
  },
}

/**
 * Exported for the tests. Progress lines have the same form, so the last line counts: it has no states on the queue.
 */
export function distinctOf(stdout: string): number {
  insist(stdout, 'TLC', [/Model checking completed\. No error has been found\./])
  return numberIn(stdout, /([\d,]+) distinct states found, 0 states left on queue\./, 'TLC')
}
