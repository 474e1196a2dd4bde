/** The commands whose results `npm run same` compares between two builds. */
import { join } from 'node:path'
import { VARIANTS, type Constants } from '../test/support/variants.ts'
import { CATALOGUE } from './catalogue.ts'

/** One command, which runs in an empty folder. */
export interface Run {
  readonly args: readonly string[]
  /** Whether `--quick` includes the command. */
  readonly isQuick: boolean
}

const TRACES = ['itf:trace.itf.json', 'mermaid:trace.md', 'html:trace.html', 'text:trace.txt', 'json:trace.json']
const ALL_TRACES: readonly string[] = TRACES.flatMap((file) => ['--trace', file])
const ITF: readonly string[] = ALL_TRACES.slice(0, 2)

/** The commands, with the spec files of a checkout. */
export function runsOf(root: string): readonly Run[] {
  const specs = Object.entries(VARIANTS).flatMap(([path, variants]) => {
    const file = join(root, 'specs', path)
    return [...variants.flatMap((constants, index) => runsOfVariant(file, constants, index)), ...runsOfSpec(path, file)]
  })
  return [...specs, ...benches(root), ...smallSpecs(join(root, 'test/cli/specs')), ...mistakes(root)]
}

/**
 * One variant of a spec, with many settings. Settings that would take too long in all variants alternate: the first
 * variant has all of them, and later variants have one half each. `--quick` keeps a few, and fewer after the first
 * variant.
 */
function runsOfVariant(file: string, constants: Constants, index: number): readonly Run[] {
  const of = (command: string): string[] => [command, file, ...constantArgs(constants)]
  const isFirst = index === 0
  const always = [
    run([...of('check'), '--json', ...ALL_TRACES], index < 4),
    run([...of('check'), '--continue', '--profile', ...ITF], isFirst),
    run([...of('check'), '--continue', '--json', '--engine', 'explicit', '--workers', '2', '--full']),
    run([...of('check'), '--json', '--engine', 'symbolic', ...ITF], isFirst),
    run([...of('simulate'), '--seed', '7', '--runs', '200', '--workers', '1', '--json', ...ITF], isFirst),
  ]
  // The bounds limit these slow settings to some seconds. Small variants end before them.
  const even = [
    run([...of('check'), '--continue', '--json', '--interpret', '--max-states', '2000'], isFirst),
    run([...of('check'), '--json', '--max-depth', '5', '--engine', 'explicit']),
    run([...of('check'), '--continue', '--json', '--engine', 'explicit', '--workers', '1'], isFirst),
    run([...of('info'), '--json'], isFirst),
  ]
  const odd = [
    run([...of('check'), '--continue', '--json', '--symmetry', 'off', '--max-states', '10000', '--profile'], isFirst),
    run([...of('check'), '--json', '--max-depth', '5', '--engine', 'symbolic']),
    run([...of('check'), '--continue', '--max-states', '100', '--full', '--engine', 'explicit'], isFirst),
    run([...of('graph'), '--max-states', '200'], isFirst),
  ]
  return [...always, ...(isFirst || index % 2 === 0 ? even : []), ...(isFirst || index % 2 === 1 ? odd : [])]
}

/** Commands that need to run only once for each spec. */
function runsOfSpec(path: string, file: string): readonly Run[] {
  const first = constantArgs(VARIANTS[path]![0] ?? {})
  const small = [file, ...first]
  return [
    run(['info', file], true),
    run(['check', ...small, '--ndjson', '--workers', '1', '--engine', 'explicit']),
    run(['check', ...small, '--quiet', '--engine', 'symbolic', '--continue']),
    run(['check', ...small, '--strict', '--deadlock', 'off', '--seed', '3']),
    run(['check', ...small, '--json', '--liveness-under-constraints', '--deadlock', 'on']),
    run(['simulate', ...small, '--seed', '11', '--runs', '100', '--depth', '30', '--workers', '2', '--full']),
    run(['simulate', ...small, '--seed', '5', '--runs', '20', '--workers', '1', '--interpret', '--json']),
    run(['graph', ...small, '--format', 'svg', '--max-states', '60']),
    ...comparisons(path, file),
  ]
}

/** Comparisons over the constants that the catalogue varies; the bound makes each variant small. */
function comparisons(path: string, file: string): readonly Run[] {
  const entry = CATALOGUE.find(({ spec }) => path.endsWith(`${spec}.ts`))
  const varied = entry?.vary ?? Object.keys(VARIANTS[path]![0] ?? {}).slice(0, 1)
  if (varied.length === 0) return []
  const vary = varied.flatMap((name) => {
    const listed = entry?.values?.[name]
    return ['--vary', listed === undefined ? name : `${name}=${listed.join(',')}`]
  })
  const others = Object.entries(VARIANTS[path]![0] ?? {}).filter(([name]) => !varied.includes(name))
  const args = ['compare', file, ...constantArgs(Object.fromEntries(others)), ...vary]
  const bounded = [...args, '--engine', 'explicit', '--workers', '1', '--max-states', '1000']
  return [run([...bounded, '--json']), run([...bounded, '--traces'])]
}

function benches(root: string): readonly Run[] {
  const commit = ['bench', join(root, 'specs/classic/two-phase-commit.ts'), '--sweep', 'resourceManagers=1..5']
  const dining = ['bench', join(root, 'specs/classic/dining-philosophers.ts'), '--sweep', 'design=ordered,waiter']
  return [
    run([...commit, '--json'], true),
    run([...commit, '--workers', '1']),
    run([...commit, '--csv', '--engine', 'symbolic']),
    run([...commit, '--json', '--symmetry', 'off', '--max-states', '200']),
    run([...dining, '--sweep', 'philosophers=2..4', '--json']),
    run([...dining, '--sweep', 'philosophers=2..3', '--engine', 'explicit']),
  ]
}

/** Small specs with each kind of failure, as text and as JSON. */
function smallSpecs(folder: string): readonly Run[] {
  const faults = ['none', 'invariant', 'transition', 'deadlock', 'throw', 'domain', 'clock']
  const places = ['action', 'invariant', 'transition', 'constraint', 'temporal', 'symmetric', 'level', 'init', 'model']
  const counter = join(folder, 'counter.ts')
  const never = join(folder, 'never-returns.ts')
  const initial = join(folder, 'many-initial.ts')
  return [
    ...faults.flatMap((fault) => {
      const args = [counter, '-c', `fault=${fault}`]
      return [
        run(['check', ...args, ...ALL_TRACES], true),
        run(['check', ...args, '--continue', '--json', '--engine', 'symbolic', ...ITF], true),
        run(['check', ...args, '--json', '--interpret', '--workers', '2'], true),
        run(['simulate', ...args, '--seed', '1', '--runs', '50', '--workers', '1', ...ITF], true),
        run(['graph', ...args], true),
      ]
    }),
    run(['check', counter, '-c', 'most=1', '-c', 'fault=deadlock'], true),
    run(['check', counter, '--property', 'small,full', '--strict'], true),
    run(['check', counter, '-c', 'idle=true', '-c', 'most=5', '--quiet'], true),
    run(['compare', counter, '--vary', 'fault', '--vary', 'most=2,3'], true),
    run(['compare', counter, '--vary', 'fault=none,invariant,deadlock', '--json', '--traces'], true),
    run(['check', join(folder, 'asymmetric.ts'), '-c', 'single=second', '--json'], true),
    run(['check', join(folder, 'asymmetric.ts'), '-c', 'single=second', '--symmetry', 'off']),
    run(['check', join(folder, 'quoting.ts'), ...ALL_TRACES], true),
    run(['check', initial, '-c', 'side=10', '--json'], true),
    run(['check', initial, '-c', 'side=8', '-c', 'repeats=twice', '-c', 'fault=invariant', '--json', ...ITF]),
    run(['check', initial, '-c', 'side=10', '--max-states', '300']),
    run(['check', initial, '-c', 'side=9', '--engine', 'symbolic', '--json']),
    ...places.map((place) => run(['check', never, '-c', `where=${place}`, '--continue', '--timeout', '2s', '--json'])),
    run(['check', never, '-c', 'where=action', '--continue', '--timeout', '2s']),
  ]
}

/** Mistakes of users. */
function mistakes(root: string): readonly Run[] {
  const counter = join(root, 'test/cli/specs/counter.ts')
  const commands: readonly (readonly string[])[] = [
    ['check', counter, '--property', 'smal'],
    ['check', counter, '--property', 'nothing', '--json'],
    ['check', counter, '-c', 'mots=3'],
    ['check', counter, '-c', 'most=99'],
    ['check', counter, '-c', 'fault=fire', '--json'],
    ['check', counter, '-c', 'most'],
    ['check', counter, '--engine', 'steam'],
    ['check', counter, '--workers', 'none'],
    ['check', counter, '--max-states', '-1'],
    ['check', counter, '--timeout', 'soon'],
    ['check', counter, '--memory', '3 elephants'],
    ['check', counter, '--symmetry', 'maybe'],
    ['check', counter, '--trace', 'pdf:trace.pdf'],
    ['check', counter, '--trace', 'itf:no/such/folder/trace.itf.json'],
    ['check', counter, '--no-such-option'],
    ['check', counter, '--interpret', '--engine', 'symbolic'],
    ['check'],
    ['check', 'missing.ts'],
    ['check', 'missing.ts', '--json'],
    ['check', join(root, 'test/cli/specs/no-spec.ts')],
    ['check', join(root, 'test/cli/specs')],
    ['check', join(root, 'README.md')],
    ['compare', counter],
    ['compare', counter, '--vary', 'colour'],
    ['compare', counter, '--vary', 'most=1,77'],
    ['bench', counter],
    ['bench', counter, '--sweep', 'most=4..1'],
    ['bench', counter, '--sweep', 'fault=none,fire', '--json'],
    ['simulate', counter, '--runs', 'many'],
    ['simulate', counter, '--depth', '0'],
    ['graph', counter, '--project', 'colour'],
    ['graph', counter, '--max-states', '2'],
    ['graph', counter, '--format', 'png'],
    ['replay', 'missing.itf.json'],
    ['replay', join(root, 'package.json')],
    ['info', counter, '-c', 'most=0'],
    ['chekc', counter],
    [],
    ['--help'],
    ['--version'],
    ...['check', 'simulate', 'compare', 'bench', 'graph', 'info', 'replay'].map((command) => [command, '--help']),
  ]
  return commands.map((args) => run(args, true))
}

function run(args: readonly string[], isQuick = false): Run {
  return { args, isQuick }
}

function constantArgs(constants: Constants): string[] {
  return Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
