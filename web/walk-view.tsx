/** The enabled steps, the state, and the path. */
import { useEffect, useState } from 'preact/hooks'
import type { DisabledDocument } from '../src/report/json/walk.ts'
import { Path } from './path.tsx'
import { STUTTER, movedTo, withStep } from './place.ts'
import { request } from './request.ts'
import { StatePanel } from './state-panel.tsx'
import { Steps } from './steps.tsx'
import { useKeys } from './use-keys.ts'
import type { WalkState } from './use-walk.ts'

export function WalkView({ place, spec, position, go, fail }: WalkState) {
  const [selected, setSelected] = useState(0)
  /** Whether the selection was moved by keys. */
  const [isMoved, setMoved] = useState(false)
  const [disabled, setDisabled] = useState<readonly DisabledDocument[]>()
  const [isWhyOpen, setWhyOpen] = useState(false)
  const { enabled } = position.steps
  const select = (index: number, byKey: boolean = false): void => {
    setSelected(index)
    setMoved(byKey)
  }
  const take = (name: string): void => go(withStep(place, name))

  useEffect(() => {
    select(0)
    setDisabled(undefined)
    if (!isWhyOpen) return
    let isOver = false
    const { constants, path, at } = place
    request('disabled', { constants, path, at }).then((answer) => isOver || setDisabled(answer.disabled), fail)
    return () => {
      isOver = true
    }
  }, [isWhyOpen, position])

  useKeys({
    ArrowDown: () => select(Math.min(selected + 1, enabled.length - 1), true),
    ArrowUp: () => select(Math.max(0, selected - 1), true),
    Enter: () => enabled[selected] !== undefined && take(enabled[selected].name),
  })

  return (
    <main class="walk">
      <Steps
        steps={position.steps}
        selected={selected}
        isMoved={isMoved}
        onSelect={select}
        onTake={take}
        disabled={disabled}
        onDisabled={setWhyOpen}
      />
      <StatePanel spec={spec} position={position} at={position.at} />
      <Path
        entries={position.entries}
        path={place.path}
        at={place.at}
        loop={place.loop}
        onGo={(at) => go(movedTo(place, at))}
        onClose={(loop) => go({ ...place, at: place.path.length - 1, loop, property: undefined, view: 'trace' })}
        onRest={() => go({ ...withStep(place, STUTTER), loop: place.at, view: 'trace' })}
      />
    </main>
  )
}
