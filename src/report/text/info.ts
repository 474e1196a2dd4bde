/** A spec described for people. */
import type { Info } from '../../api/info.ts'
import { plural, show } from '../show.ts'
import { table, type Style } from './style.ts'

/** The lines of `kripke info`. */
export function infoText(info: Info, style: Style): string[] {
  const { slots, bits, words } = info.state
  const orMore = info.variables.some(({ grows }) => grows) ? ' or more' : ''
  const section = (title: string, rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : ['', style.strong(title), ...table(rows).map((line) => `  ${line}`)]
  return [
    `${style.strong(info.spec)}${info.doc === '' ? '' : `  ${info.doc}`}`,
    ...section(
      'constants',
      info.constants.map(({ name, value, values, doc }) => [style.name(name), show(value), doc, style.faint(values)]),
    ),
    ...section(
      'assumptions',
      info.assumptions.map((assumption) => [assumption]),
    ),
    ...section(
      'variables',
      info.variables.map((it) => [
        style.name(it.name),
        it.domain,
        style.faint(plural(it.slots, 'slot') + (it.grows ? ' or more' : '')),
      ]),
    ),
    `  ${style.faint(`${plural(slots, 'slot')}, ${plural(bits, 'bit')}, ${plural(words, 'word')} of 32 for each state${orMore}`)}`,
    ...section(
      'actions',
      info.actions.map((it) => [
        style.name(it.name) + it.parameters,
        style.faint(plural(it.instances, 'instance')),
        it.thread === null ? '' : style.faint(`${it.thread} at ${it.label}`),
        it.fair === null ? '' : style.faint(`${it.fair}ly fair`),
        it.doc,
      ]),
    ),
    ...section(
      'properties',
      info.properties.map((it) => [
        style.name(it.name) + it.parameters,
        it.kind === 'deadlock' ? '' : it.kind,
        style.faint(it.conjuncts.join(', ')),
      ]),
    ),
    ...section(
      'fairness',
      info.fairness.map(({ name, fair }) => [style.name(name), fair]),
    ),
    ...section(
      'priorities',
      info.priorities.map(({ name, high, low }) => [style.name(name), `${high} pre-empts ${low.join(', ')}`]),
    ),
    ...section(
      'atomic sections',
      info.atomic.map(({ thread, labels, variable }) => [style.name(thread), labels.join(', '), style.faint(variable)]),
    ),
    ...section(
      'constraints',
      info.constraints.map((name) => [name]),
    ),
    ...section(
      'measures',
      info.measures.map(({ name, over }) => [style.name(name), `over ${over}`]),
    ),
    ...section(
      'symmetric',
      info.symmetric.map((name) => [name]),
    ),
  ]
}
