/** `kripke info`. */
import type { Command } from 'commander'
import { infoText } from '../../report/text/info.ts'
import { VERSION } from '../../report/version.ts'
import { infoOf } from '../../api/info.ts'
import { HOLDS } from '../exit-status.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { styleOf } from '../output.ts'
import { withConstants, type Given } from './options.ts'
import { stdout } from '../streams.ts'
import { print, printJson } from '../terminal.ts'

/** Adds the command to the program; `exit` gets its status. */
export function addInfoCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('info')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('list the constants, variables, actions and properties of a spec')
  withConstants(command)
    .option('--json', 'print one JSON document')
    .action(async (path: string, { constant, json }: { constant: Given; json?: true }) => {
      const { spec } = await loadSpec(path)
      const info = infoOf(spec, constant)
      if (json) printJson({ kripke: VERSION, ...info })
      else print(infoText(info, styleOf(stdout)))
      exit(HOLDS)
    })
}
