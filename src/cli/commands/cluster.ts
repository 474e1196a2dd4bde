/** `kripke cluster`: the commands of a cluster besides `kripke check --cluster`. */
import { type Command, Option } from 'commander'
import { VERSION } from '../../report/version.ts'
import { clusterText } from '../../report/text/cluster.ts'
import type { NatsOptions } from '../cluster/nats.ts'
import { HOLDS } from '../exit-status.ts'
import { defaultMemory } from '../memory.ts'
import { print, printJson } from '../terminal.ts'
import { size } from './options.ts'

interface UrlOption extends NatsOptions {
  readonly nats: string
}

/** Adds the options that let a command into a NATS server. */
export function withNatsAccess(command: Command): Command {
  return command
    .option('--nats-creds <file>', 'use the credentials of this file, as NATS writes them')
    .option('--tls-ca <file>', 'trust servers with a certificate by this authority')
    .option('--tls-cert <file>', 'show this certificate to the server')
    .option('--tls-key <file>', 'the key of that certificate')
}

function withUrl(command: Command): Command {
  return withNatsAccess(
    command.addOption(new Option('--nats <url>', 'the NATS server').default('nats://127.0.0.1:4222')),
  )
}

/** Adds the commands to the program; `exit` gets the status. */
export function addClusterCommand(program: Command, exit: (status: number) => void): void {
  const cluster = program.command('cluster').description('explore on several machines that share a NATS server')
  withUrl(cluster.command('work'))
    .description('take part in every check on the cluster, until Ctrl-C. This runs the code of their specs')
    .option('--memory <size>', 'limit the memory for states (default: three quarters of the free memory)', size)
    .action(async ({ nats, memory = defaultMemory(), ...access }: UrlOption & { memory?: number }) => {
      const { work } = await import('../cluster/work.ts')
      await work({ nats, memory, ...access })
      exit(HOLDS)
    })
  withUrl(cluster.command('status'))
    .description('list the runs and the workers of a cluster')
    .option('--json', 'print one JSON document')
    .action(async ({ nats, json, ...access }: UrlOption & { json?: true }) => {
      const { statusOfCluster } = await import('../cluster/status.ts')
      const status = await statusOfCluster(nats, access)
      if (json) printJson({ kripke: VERSION, ...status })
      else print(clusterText(status))
      exit(HOLDS)
    })
  withUrl(cluster.command('cancel'))
    .argument('<run>', 'the name of the run')
    .description('end a run, and remove what the server keeps of it')
    .action(async (run: string, { nats, ...access }: UrlOption) => {
      const { cancelRun } = await import('../cluster/status.ts')
      print([`${run}: ${await cancelRun(nats, run, access)}`])
      exit(HOLDS)
    })
}
