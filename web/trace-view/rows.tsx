/** The rows of a trace. */
import { Component, type JSX } from 'preact'
import type {
  EndingDocument,
  PlaceChangeDocument,
  TraceEntryDocument,
  TraceViewDocument,
} from '../../src/report/json/trace-view.ts'
import { VerdictChip } from '../state-panel.tsx'
import { TimelineCells } from './timeline.tsx'

/** Lanes have this many colors. */
const HUES = 8

function hue(lane: number | null): string {
  return lane === null ? '' : ` hue h${lane % HUES}`
}

interface StepProps {
  readonly trace: TraceViewDocument
  readonly index: number
  readonly isSelected: boolean
  readonly isCompared: boolean
  readonly timeline: readonly string[]
  readonly onSelect: (index: number) => void
}

/** A step: its box in the lane of who takes it, and what it changed. Rows that look the same are not drawn again. */
export class StepRow extends Component<StepProps> {
  override shouldComponentUpdate(next: StepProps): boolean {
    const { trace, isSelected, isCompared, timeline } = this.props
    return (
      next.trace !== trace ||
      next.isSelected !== isSelected ||
      next.isCompared !== isCompared ||
      next.timeline !== timeline
    )
  }

  override render({ trace, index, isSelected, isCompared, timeline }: StepProps): JSX.Element {
    const entry = trace.entries[index]!
    const { number, lane, changes, beside, verdicts } = entry
    const isInLoop = trace.loop !== null && index > trace.loop
    const classes = [
      index === 0 ? 'start-row' : 'step-row',
      isInLoop && 'in-loop',
      isSelected && 'selected',
      isCompared && 'compared-row',
      verdicts.some(({ isGood }) => !isGood) && 'is-bad',
    ]
    const isWritten = lane !== null && changes.length > 0
    return (
      <tr
        class={classes.filter(Boolean).join(' ') + hue(lane)}
        data-entry={index}
        aria-selected={isSelected}
        tabIndex={isSelected ? 0 : -1}
        onClick={() => this.props.onSelect(index)}
      >
        <th class="number" scope="row" title={entry.name} aria-label={`${number ?? ''} ${entry.name}`.trim()}>
          {number ?? ''}
        </th>
        {trace.lanes.map(({ start }, at) =>
          index === 0 ? (
            <td class="lane" key={at}>
              {start !== null && <span class="place">{start}</span>}
            </td>
          ) : (
            <LaneCell entry={entry} at={at} key={at} />
          ),
        )}
        <td class={isWritten ? 'effects written' : 'effects'}>
          {index === 0 ? (
            <Initial places={trace.initial} />
          ) : lane === null ? (
            <span class="faint">nothing changes</span>
          ) : (
            <Changes changes={changes} />
          )}
          {beside.map((line) => (
            <div class="beside" key={line}>
              {line}
            </div>
          ))}
          {verdicts.map((verdict) => (
            <VerdictChip verdict={verdict} key={verdict.property} />
          ))}
        </td>
        <TimelineCells trace={trace} index={index} timeline={timeline} />
      </tr>
    )
  }
}

function Initial({ places }: { readonly places: readonly string[] }) {
  return (
    <span class="initial">
      {places.map((place, index) => (
        <span key={place}>
          {index > 0 && ' · '}
          {place}
        </span>
      ))}
    </span>
  )
}

/** The box of a step in the lane of who takes it. In other lanes a line towards the changes, or a program counter that it moves. */
function LaneCell({ entry, at }: { readonly entry: TraceEntryDocument; readonly at: number }) {
  const { lane, label, bindings, at: stays, moves, note, changes } = entry
  const move = moves.find((it) => it.lane === at)
  const moved = move && `${move.from} → ${move.to}`
  const writes = changes.length > 0 && lane !== null
  if (at !== lane) {
    return (
      <td class={writes && at > lane ? 'lane crosses' : 'lane'}>
        {moved !== undefined && <span class="place moved">{moved}</span>}
      </td>
    )
  }
  return (
    <td class={writes ? 'lane writes' : 'lane'}>
      <div class="box">
        <b>{label}</b>
        {bindings !== '' && <div>{bindings}</div>}
        {moved !== undefined && <div class="moves">{moved}</div>}
        {stays !== null && <div class="moves">at {stays}</div>}
        {note !== null && <i>{note}</i>}
      </div>
    </td>
  )
}

/** The changes, fields of one record under its name. */
function Changes({ changes }: { readonly changes: readonly PlaceChangeDocument[] }) {
  const parents = changes.map(({ path }) => /^(.*[^.])\.[^.\]"]+$/.exec(path)?.[1])
  return (
    <>
      {changes.map((change, index) => {
        const parent = parents[index]
        const isGrouped = parent !== undefined && (parents[index - 1] === parent || parents[index + 1] === parent)
        const line = <ChangeLine change={change} parent={isGrouped ? parent : ''} />
        return (
          <div key={change.path}>
            {isGrouped && parents[index - 1] !== parent && <div class={`path${hue(change.lane)}`}>{parent}</div>}
            {isGrouped ? <div class="field">{line}</div> : line}
          </div>
        )
      })}
    </>
  )
}

function ChangeLine({ change, parent }: { readonly change: PlaceChangeDocument; readonly parent: string }) {
  const { path, from, to, isCause, lane } = change
  return (
    <span class={isCause ? 'cause' : undefined} title={isCause ? 'a reason of the ending' : undefined}>
      <span class={`path${parent === '' ? hue(lane) : ''}`}>{path.slice(parent.length)}</span>{' '}
      {from !== null && <span class="faint">{from} → </span>}
      <b>{to}</b>
    </span>
  )
}

/** What is said below a step of a lasso. */
export function NoteRow({
  note: { text, says },
  columns,
  isInLoop,
}: {
  readonly note: TraceEntryDocument['lasso'][number]
  readonly columns: number
  readonly isInLoop: boolean
}) {
  return (
    <tr class={`note ${says}${isInLoop ? ' in-loop' : ''}`}>
      <td class="number" />
      <td colSpan={columns}>
        <span>{text}</span>
      </td>
    </tr>
  )
}

interface EndProps {
  readonly ending: EndingDocument
  readonly entries: readonly TraceEntryDocument[]
  readonly columns: number
  readonly onSelect: (index: number) => void
}

/** What the trace shows, and the values that make it so. */
export function EndRow({ ending: { text, isGood, reasons }, entries, columns, onSelect }: EndProps) {
  return (
    <tr class={isGood ? 'ending goal' : 'ending'}>
      <td class="number" />
      <td colSpan={columns}>
        <div class="verdict">
          <b class="says">{text}</b>
          {reasons.map(({ name, read }) => (
            <div key={name}>
              {name === '' ? (
                'because '
              ) : (
                <>
                  <b>{name}</b> is false:{' '}
                </>
              )}
              {read.length === 0 && 'it reads nothing of the state'}
              {read.map((value, index) => (
                <span class="read" key={value.text}>
                  {index > 0 && <span aria-hidden="true">· </span>}
                  <code>{value.text}</code>
                  {value.since !== null && (
                    <button class="since" onClick={() => onSelect(value.since!)}>
                      step {entries[value.since]?.number ?? ''}
                    </button>
                  )}
                </span>
              ))}
            </div>
          ))}
        </div>
      </td>
    </tr>
  )
}
