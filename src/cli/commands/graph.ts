/** `kripke graph`. */
import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { badOption, packageMissing } from '../../errors.ts'
import { graphDot } from '../../report/graph-dot.ts'
import { graphRv } from '../../report/graph-rv.ts'
import { graph } from '../../api/graph.ts'
import { HOLDS } from '../exit-status.ts'
import { fullPath } from '../spec-loader/full-path.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { natural, onOff, propertyNames, withConstants, type Given } from './options.ts'
import { stdout } from '../streams.ts'
import { writeWhole } from '../terminal.ts'
import { requireWritable } from './trace-files.ts'

interface GraphCommandOptions {
  readonly constant: Given
  readonly property?: readonly string[]
  readonly deadlock?: boolean
  readonly project?: readonly string[]
  readonly maxStates?: number
  readonly interpret?: true
  readonly format?: 'dot' | 'svg' | 'rv-dot'
  readonly out?: string
}

/** Adds the command to the program; `exit` gets its status. */
export function addGraphCommand(program: Command, exit: (status: number) => void): void {
  const names = (text: string): string[] => text.split(',')
  const command = program
    .command('graph')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description('draw the state graph of a small model')
  withConstants(command)
    .option('--project <variables>', 'merge states that agree on these variables, separated by commas', names)
    .option(
      '--property <names>',
      'mark the results of only these properties, separated by commas (repeatable)',
      propertyNames,
    )
    .option('--deadlock <on|off>', 'switch the deadlock check on or off (default: as the spec says)', onOff)
    .option('--max-states <n>', 'refuse to draw more than n states or merged states (default: 500)', natural)
    .option('--interpret', 'use only reference evaluation')
    .addOption(
      new Option('--format <format>', "choose the format (default: from the file's name, otherwise dot)").choices([
        'dot',
        'svg',
        'rv-dot',
      ]),
    )
    .option('--out <file>', 'write to a file instead of standard output')
    .action(async (path: string, options: GraphCommandOptions) => exit(await run(path, options)))
}

async function run(path: string, options: GraphCommandOptions): Promise<number> {
  const { constant, project, property, deadlock, maxStates, interpret, out } = options
  const format = options.format ?? (out?.endsWith('.svg') === true ? 'svg' : 'dot')
  if (out !== undefined && fullPath(out) === fullPath(path)) {
    throw badOption(`--out would overwrite the spec ${path}`, 'name another file')
  }
  if (format === 'rv-dot' && out !== undefined) requireMonitorName(out)
  if (out !== undefined) requireWritable([{ path: out }])
  const { spec } = await loadSpec(path)
  const drawn = graph(spec, { constants: constant, project, properties: property, deadlock, maxStates, interpret })
  const text = format === 'rv-dot' ? graphRv(drawn) : format === 'dot' ? graphDot(drawn) : await draw(graphDot(drawn))
  if (out === undefined) stdout.write(text)
  else await writeWhole(out, text)
  return HOLDS
}

/** The kernel's tools name the monitor after its file. @throws {CheckerError} KR101 if it would not be a name in C */
function requireMonitorName(path: string): void {
  const name = basename(path)
  if (/^[A-Za-z_]\w*\.(?:dot|gv)$/.test(name)) return
  const problem = `--out must be named after the monitor, such as wip.dot, but is ${name}`
  throw badOption(problem, 'use a name of letters, digits and _, with the ending .dot or .gv')
}

/** Lays a graph out, by Graphviz compiled to WebAssembly. @throws {CheckerError} KR107 if that is not installed */
async function draw(dot: string): Promise<string> {
  const viz = await import('@viz-js/viz').catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ERR_MODULE_NOT_FOUND') throw thrown
    throw packageMissing(['@viz-js/viz'], '--format svg', 'print DOT and pipe it to Graphviz: | dot -Tsvg')
  })
  return (await viz.instance()).renderString(dot, { format: 'svg' })
}
