/** A list that has only the rows in view in the page, once it is long. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** Shorter lists are in the page as a whole, so that the browser can search them. */
const SHORT = 200

/** Rows before and after those in view. */
const OVERSCAN = 10

interface Props {
  readonly class?: string
  readonly count: number
  /** The usual height of a row, in pixels. */
  readonly rowHeight: number
  readonly render: (index: number) => ComponentChildren
  readonly keyOf: (index: number) => string | number
  readonly rowClass?: (index: number) => string | undefined
  /** The row that must be in view; undefined to leave the list where it is. */
  readonly shown?: number | undefined
}

export function VirtualList(props: Props) {
  return props.count <= SHORT ? <WholeList {...props} /> : <LongList {...props} />
}

function WholeList({ class: name, count, render, keyOf, rowClass, shown }: Props) {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    if (shown !== undefined) list.current?.children[shown]?.scrollIntoView({ block: 'nearest' })
  }, [shown, count])
  return (
    <ol class={name} ref={list}>
      {Array.from({ length: count }, (_, index) => (
        <li key={keyOf(index)} class={rowClass?.(index)}>
          {render(index)}
        </li>
      ))}
    </ol>
  )
}

function LongList({ class: name, count, rowHeight, render, keyOf, rowClass, shown }: Props) {
  const list = useRef<HTMLOListElement>(null)
  const [, rerender] = useReducer((times: number) => times + 1, 0)
  /** How far below the top of what scrolls the list begins. */
  const margin = useRef(0)
  const kept = useRef<Virtualizer<Element, HTMLElement> | undefined>(undefined)
  const options = {
    count,
    getScrollElement: () => list.current?.closest('section') ?? null,
    estimateSize: () => rowHeight,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: margin.current,
    onChange: () => rerender(undefined),
  }
  const rows = (kept.current ??= new Virtualizer<Element, HTMLElement>(options))
  rows.setOptions(options)
  // The order of calls that the adapters of the library have.
  useLayoutEffect(() => rows._didMount(), [])
  useLayoutEffect(() => {
    const scrolls = options.getScrollElement()
    if (scrolls !== null && list.current !== null) {
      margin.current =
        list.current.getBoundingClientRect().top - scrolls.getBoundingClientRect().top + scrolls.scrollTop
    }
    rows._willUpdate()
  })
  useEffect(() => {
    if (shown !== undefined) rows.scrollToIndex(shown)
  }, [shown, count])
  return (
    <ol class={name} ref={list} style={{ position: 'relative', height: `${rows.getTotalSize()}px` }}>
      {rows.getVirtualItems().map(({ index, start, key }) => (
        <li
          key={String(key)}
          ref={rows.measureElement}
          data-index={index}
          class={`virtual ${rowClass?.(index) ?? ''}`}
          style={{ transform: `translateY(${start - margin.current}px)` }}
          aria-setsize={count}
          aria-posinset={index + 1}
        >
          {render(index)}
        </li>
      ))}
    </ol>
  )
}
