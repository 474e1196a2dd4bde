/**
 * TLC, if the environment variable TLA2TOOLS names its jar.
 *
 * Limit: never run yet, for want of the jar; the counts would tell if a module were wrong.
 */
import { copyFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { firstLine } from './commands.ts'
import { insist, numberIn, type Contestant } from './contestant.ts'

const named = process.env['TLA2TOOLS']
/** From here: TLC is run in a folder of its own. */
const jar = named === undefined ? undefined : resolve(named)

/** The collector that TLC asks for when it is started without; half the machine's memory for the heap. */
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

/** Exported for the tests. Its progress lines have the same shape, so the last such line counts, which has none on the queue. */
export function distinctOf(stdout: string): number {
  insist(stdout, 'TLC', [/Model checking completed\. No error has been found\./])
  return numberIn(stdout, /([\d,]+) distinct states found, 0 states left on queue\./, 'TLC')
}
