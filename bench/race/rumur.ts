/** Rumur: Murphi to C. Without symmetry reduction, like the others. README.md lists the other settings tried. */
import { readFileSync, writeFileSync } from 'node:fs'
import { firstLine, prepare } from './commands.ts'
import { insist, numberIn, type Contestant } from './contestant.ts'

const GENERATE = ['--symmetry-reduction', 'off', '--deadlock-detection', 'stuck']
const COMPILE = ['-std=c11', '-O3', '-march=native']

export const rumur: Contestant = {
  name: 'rumur',
  version: () => firstLine('rumur', '--version'),
  prepare: ({ source, defines, rumur: { setBytes } }, workers, folder) => {
    const constants = Object.entries(defines).map(([name, value]) => `const ${name}: ${value};\n`)
    const model = readFileSync(`bench/race/models/${source}.m`, 'utf8')
    writeFileSync(`${folder}/model.m`, `${constants.join('')}${model}`)
    const generate = [...GENERATE, '--set-capacity', String(setBytes), '--threads', String(workers)]
    const preparation = prepare(folder, [
      ['rumur', ...generate, '--output', 'model.c', 'model.m'],
      ['cc', ...COMPILE, '-o', 'model', 'model.c', '-mcx16', '-lpthread', '-latomic'],
    ])
    const settings = [...generate, ...COMPILE].join(' ')
    return { command: [`${folder}/model`], folder, settings, preparation, distinct: distinctOf }
  },
}

/** Exported for the tests. */
export function distinctOf(stdout: string): number {
  insist(stdout, 'Rumur', [/No error found/])
  return numberIn(stdout, /(\d+) states, \d+ rules fired in/, 'Rumur')
}
