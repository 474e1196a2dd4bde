/** Keys that act on the page, outside its fields. */
import { useEffect } from 'preact/hooks'

/** @param actions - by the name of the key, as `KeyboardEvent.key` has it */
export function useKeys(actions: { readonly [key: string]: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const { target, key } = event
      if (target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return
      // A button, a link or a summary that has the focus acts on Enter itself.
      if (key === 'Enter' && target instanceof HTMLElement && /^(BUTTON|A|SUMMARY)$/.test(target.tagName)) return
      const act = Object.hasOwn(actions, key) ? actions[key] : undefined
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}
