/** The verdict on a property with the constants of a variant. */
import type { CellDocument, CompareDocument, VariantDocument } from '../../src/cli/explore/protocol.ts'
import { isBad, signOf } from '../verdict.ts'

interface Props {
  /** Null if the variant is not checked yet, or does not have the property. */
  readonly cell: CellDocument | null
  readonly state: VariantDocument['state']
  readonly property: CompareDocument['properties'][number]
  /** The values of the varied constants, as text. */
  readonly variant: string
  readonly onTrace: () => void
}

export function Cell({ cell, state, property, variant, onTrace }: Props) {
  if (cell === null) {
    const [text, title] =
      state === 'done'
        ? ['–', 'not a property of this variant']
        : state === 'running'
          ? ['…', 'running']
          : ['', 'queued']
    return (
      <td class="faint" title={title}>
        {text}
      </td>
    )
  }
  const { result, steps, isShortest, reason } = cell
  const counted = steps === null ? '' : ` ${isShortest ? '' : '≤ '}${steps === 1 ? '1 step' : `${steps} steps`}`
  const title = `${property.name} (${property.kind}): ${result}${reason === null ? '' : `, ${reason}`}`
  const tone = isBad(result) ? 'bad' : result === 'unknown' ? '' : 'good'
  const text = `${signOf(result)}${counted}`
  return (
    <td title={title}>
      {steps === null ? (
        <span class={`cell-verdict ${tone}`} aria-label={result}>
          {text}
        </span>
      ) : (
        <button
          class={`cell-verdict ${tone}`}
          onClick={onTrace}
          aria-label={`${property.name} with ${variant}: ${result},${counted}. Open the trace`}
        >
          {text}
        </button>
      )}
    </td>
  )
}
