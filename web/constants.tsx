/** The constants of the spec as a form. */
import { useState } from 'preact/hooks'
import type { SpecDocument } from '../src/cli/explore/protocol.ts'

interface Props {
  readonly spec: SpecDocument
  /** Values of all constants, as text. */
  readonly values: { readonly [name: string]: string }
  readonly onChange: (constants: { readonly [name: string]: string }) => void
}

/** The values of a domain of few names: `a | b | c`. */
function choices(values: string): readonly string[] | undefined {
  const names = values.split(' | ')
  return names.length > 1 && names.every((name) => /^[\w.-]+$/.test(name)) ? names : undefined
}

export function ConstantsForm({ spec, values, onChange }: Props) {
  const [draft, setDraft] = useState<{ readonly [name: string]: string }>({})
  if (spec.constants.length === 0) return null
  const submit = (event: Event): void => {
    event.preventDefault()
    const given = spec.constants.map(({ name }) => [name, draft[name] ?? values[name] ?? ''] as const)
    onChange(Object.fromEntries(given.filter(([name, value]) => value !== defaultOf(spec, name))))
  }
  return (
    <details class="menu constants-menu">
      <summary>{summaryOf(spec, values)}</summary>
      <form class="popup" onSubmit={submit} aria-label="Constants">
        {spec.constants.map(({ name, values: domain, doc }) => {
          const value = draft[name] ?? values[name] ?? ''
          const options = choices(domain)
          const set = (text: string): void => setDraft({ ...draft, [name]: text })
          return (
            <label key={name} title={doc === '' ? domain : `${doc} (${domain})`}>
              <span>{name}</span>
              {options === undefined ? (
                <input
                  value={value}
                  size={Math.max(4, value.length)}
                  onInput={(event) => set(event.currentTarget.value)}
                />
              ) : (
                <select value={value} onChange={(event) => set(event.currentTarget.value)}>
                  {options.map((option) => (
                    <option key={option}>{option}</option>
                  ))}
                </select>
              )}
            </label>
          )
        })}
        <button type="submit">Apply</button>
      </form>
    </details>
  )
}

function defaultOf({ constants }: SpecDocument, name: string): string | undefined {
  return constants.find((it) => it.name === name)?.default
}

/** The constants that differ from the defaults, or else the first ones. */
function summaryOf({ constants }: SpecDocument, values: Props['values']): string {
  const own = constants.filter(({ name, default: initial }) => values[name] !== initial)
  const shown = own.length > 0 ? own : constants.slice(0, 3)
  const more = constants.length - shown.length
  return `${shown.map(({ name }) => `${name}=${values[name]}`).join(' ')}${more > 0 ? `, ${more} more` : ''}`
}
