/** What mutants show about the properties of a spec, for people. */
import { scoreOf, verdictCounts, type JudgedMutant, type Mutation } from '../../api/mutants/mutation.ts'
import { plural, show } from '../show.ts'
import { flow, pad, type Style } from './style.ts'

/** Columns of code in a line. */
const MAX_CODE = 60

/** Columns of a reason. */
const MAX_REASON = 74

/** The lines of a report on mutants. */
export function mutationText(
  { spec, constants, mutants, properties, seconds }: Mutation,
  style: Style,
  quiet: boolean,
): string[] {
  const { noticed, failed, unreached, equivalent, survived, undecided } = verdictCounts(mutants)
  const counts = [
    `${noticed} noticed by a property`,
    ...(failed > 0 ? [`${failed} noticed by an error`] : []),
    ...(unreached > 0 ? [`${unreached} not reached`] : []),
    ...(equivalent > 0 ? [`${equivalent} equivalent`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
    `${survived} not noticed`,
  ]
  const part = scoreOf(mutants)
  const score = part === undefined ? '' : ` · score ${percent(part)}`
  const summary = `${spec}: ${plural(mutants.length, 'mutant')}, ${counts.join(', ')}${score}`
  if (quiet) return [summary]
  const given = Object.entries(constants).map(([name, value]) => style.faint(`${name}=${show(value)}`))
  return [
    ...flow([style.strong(spec), ...given], style.width, ' '),
    '',
    `  ${plural(mutants.length, 'mutant')}: ${counts.join(', ')}`,
    `  ${part === undefined ? '' : `score ${percent(part)} · `}${seconds.toFixed(2)} s`,
    '',
    ...scores(properties, style),
    ...listed('no property notices these changes', mutants, 'survived', style),
    ...listed('a bound ended these checks', mutants, 'undecided', style),
    ...listed('an error notices these changes', mutants, 'failed', style),
  ]
}

function scores(properties: Mutation['properties'], style: Style): string[] {
  const width = Math.max('property'.length, ...properties.map(({ name }) => name.length))
  const rows = properties.map(({ name, result, notices, alone }) => {
    const cannot = result === 'holds' || result === 'reached' ? '' : style.faint(`  ${result} without a change`)
    return `  ${pad(name, width)}  ${pad(String(notices), 7, 'right')}  ${pad(String(alone ?? '–'), 5, 'right')}${cannot}`
  })
  return [style.faint(`  ${pad('property', width)}  notices  alone`), ...rows]
}

function listed(
  title: string,
  mutants: readonly JudgedMutant[],
  verdict: JudgedMutant['verdict'],
  style: Style,
): string[] {
  const found = mutants.filter((mutant) => mutant.verdict === verdict)
  if (found.length === 0) return []
  return [
    '',
    `  ${title}`,
    ...found.flatMap(({ file, line, column, kind, original, replacement, reason }) => [
      `    ${style.name(`${file}:${line}:${column}`)}  ${kind}`,
      `      ${style.faint('-')} ${cut(original)}`,
      `      ${style.faint('+')} ${cut(replacement)}`,
      ...(reason === undefined ? [] : [`      ${cut(reason.replaceAll(/\s+/g, ' '), MAX_REASON)}`]),
    ]),
  ]
}

function cut(text: string, most: number = MAX_CODE): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

/** A part of the mutants: rounded down, so that only all of them are 100 %. */
function percent(part: number): string {
  return `${Math.floor(part * 100)} %`
}
