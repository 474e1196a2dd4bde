/** `kripke init`. */
import type { Command } from 'commander'
import { HOLDS } from '../exit-status.ts'
import { print } from '../terminal.ts'

/** Adds the command to the program; `exit` gets its status. */
export function addInitCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('init')
    .argument('<name>', 'the name of the spec: lowercase words joined by hyphens, such as my-design')
    .description('write a small annotated spec, its vitest test and a tsconfig.json into the current folder')
    .action(async (name: string) => {
      const { initialize } = await import('../init/initialize.ts')
      print(await initialize(name, process.cwd()))
      exit(HOLDS)
    })
}
