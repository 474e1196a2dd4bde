/** What each action cost, as a table: `--profile`. */
import type { Outcome } from '../../api/outcome.ts'
import { count } from '../show.ts'
import { table, type Style } from './style.ts'

/** A row for each action: instances, generated, distinct, calls of the spec, tree nodes, slots read; remarks below. */
export function profileText({ actions }: Outcome, style: Style): string[] {
  const head = ['action', 'instances', 'generated', 'distinct', 'spec calls', 'tree nodes', 'slots read', 'evaluation']
  const rows = actions.map((action) => [
    action.name,
    count(action.instances),
    action.generated === undefined ? '–' : count(action.generated),
    action.distinct === undefined ? '–' : count(action.distinct),
    count(action.specCalls),
    action.treeNodes === undefined ? '–' : count(action.treeNodes),
    action.slotsRead === undefined ? '–' : count(action.slotsRead),
    action.evaluation,
  ])
  const lines = table([head, ...rows])
  const remarks = actions.flatMap(({ name, remark }) => (remark === undefined ? [] : [`${name} ${remark}`]))
  return [style.strong(lines[0]!), ...lines.slice(1), ...(remarks.length > 0 ? ['', ...remarks] : []), '']
}
