/** `kripke explore`. */
import { InvalidArgumentError, type Command } from 'commander'
import type { ExploreOptions } from '../explore/explore.ts'
import { withConstants } from './options.ts'

const DEFAULT_PORT = 3000

/** Adds the command to the program; `exit` gets its status. */
export function addExploreCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('explore')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('walk through the states of a spec in the browser')
  withConstants(command)
    .option('--property <name>', 'open the trace of this property once the check has found it')
    .option('--trace <file>', 'open a trace that check --trace itf:file wrote')
    .option('--port <n>', 'serve the page on this port of the loopback interface', port, DEFAULT_PORT)
    .action(async (path: string, options: ExploreOptions) => {
      const { explore } = await import('../explore/explore.ts')
      exit(await explore(path, options))
    })
}

function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError('It must be a port from 0 to 65535.')
}
