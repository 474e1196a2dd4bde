/** What part of a drawing is visible: moved by dragging, magnified by the wheel and by keys. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Layout, Point } from './layout.ts'

const MAX_SCALE = 2.5
const MIN_SCALE = 0.05
/** Moves of the pointer up to this length are part of a click. */
const CLICK = 4

interface Visible extends Point {
  readonly scale: number
}

export interface ViewBox {
  readonly frame: { readonly current: HTMLDivElement | null }
  readonly transform: string
  /** Whether the pointer moved since it was pressed, so that a click is not meant. */
  readonly wasDragged: () => boolean
  readonly onPointerDown: (event: PointerEvent) => void
  readonly onPointerMove: (event: PointerEvent) => void
  readonly zoom: (factor: number) => void
  readonly fit: () => void
  /** Moves the drawing so far that a point is visible. */
  readonly reveal: (point: Point) => void
}

/**
 * @param center - the point to show if the whole drawing would be too small
 * @param readable - a drawing that would be smaller than this is not shown whole at first
 */
export function useViewBox(
  layout: Layout | undefined,
  number: number | undefined,
  center: Point | undefined,
  readable: number,
): ViewBox {
  const frame = useRef<HTMLDivElement>(null)
  const [visible, setVisible] = useState<Visible>({ x: 0, y: 0, scale: 1 })
  const drag = useRef({ x: 0, y: 0, length: 0 })

  const show = useCallback(
    (isWhole: boolean): void => {
      if (frame.current === null || layout === undefined) return
      const { clientWidth, clientHeight } = frame.current
      const fitting = Math.min(1.2, clientWidth / layout.width, clientHeight / layout.height)
      if (isWhole || fitting >= readable || center === undefined) {
        const [x, y] = [clientWidth - layout.width * fitting, clientHeight - layout.height * fitting]
        setVisible({ scale: fitting, x: x / 2, y: y / 2 })
        return
      }
      const scale = 0.9
      // Steps lead to the right, so there is more to see on that side.
      const x = Math.min(16, Math.max(0.3 * clientWidth - center.x * scale, clientWidth - layout.width * scale))
      setVisible({ scale, x, y: clientHeight / 2 - center.y * scale })
    },
    [layout, center, readable],
  )
  useLayoutEffect(() => show(false), [number])

  const zoomAt = useCallback((factor: number, at: Point): void => {
    setVisible(({ x, y, scale: old }) => {
      const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, old * factor))
      return { scale, x: at.x - ((at.x - x) * scale) / old, y: at.y - ((at.y - y) * scale) / old }
    })
  }, [])

  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const { left, top } = element.getBoundingClientRect()
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 30
      zoomAt(Math.exp(-pixels / 400), { x: event.clientX - left, y: event.clientY - top })
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [])

  return {
    frame,
    transform: `translate(${visible.x} ${visible.y}) scale(${visible.scale})`,
    wasDragged: () => drag.current.length > CLICK,
    onPointerDown: ({ clientX: x, clientY: y }) => {
      drag.current = { x, y, length: 0 }
    },
    onPointerMove: ({ buttons, clientX: x, clientY: y }) => {
      if ((buttons & 1) === 0) return
      const [dx, dy] = [x - drag.current.x, y - drag.current.y]
      drag.current = { x, y, length: drag.current.length + Math.abs(dx) + Math.abs(dy) }
      setVisible((old) => ({ ...old, x: old.x + dx, y: old.y + dy }))
    },
    zoom: (factor) => {
      const { clientWidth = 0, clientHeight = 0 } = frame.current ?? {}
      zoomAt(factor, { x: clientWidth / 2, y: clientHeight / 2 })
    },
    fit: () => show(true),
    reveal: (point) => {
      const { clientWidth = 0, clientHeight = 0 } = frame.current ?? {}
      setVisible((old) => {
        const [x, y] = [point.x * old.scale + old.x, point.y * old.scale + old.y]
        const isInside = x > 60 && y > 30 && x < clientWidth - 60 && y < clientHeight - 30
        return isInside ? old : { ...old, x: old.x + clientWidth / 2 - x, y: old.y + clientHeight / 2 - y }
      })
    },
  }
}
