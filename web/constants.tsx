/** The constants of the spec as a form. */
import { ErrorText } from './error-text.tsx'
import { useRef, useState } from 'preact/hooks'
import type { SpecDocument } from '../src/cli/explore/protocol.ts'
import { request, type RequestError } from './request.ts'

type ConstantDocument = SpecDocument['constants'][number]

interface Values {
  readonly [name: string]: string
}

interface Props {
  readonly spec: SpecDocument
  /** Values of all constants, as text. */
  readonly values: Values
  readonly onChange: (constants: Values) => void
}

export function ConstantsForm({ spec, values, onChange }: Props) {
  const [draft, setDraft] = useState<Values>({})
  const [error, setError] = useState<RequestError>()
  const menu = useRef<HTMLDetailsElement>(null)
  if (spec.constants.length === 0) return null

  const submit = (event: Event): void => {
    event.preventDefault()
    const given = spec.constants.map(({ name }) => [name, draft[name] ?? values[name] ?? ''] as const)
    const constants = Object.fromEntries(given.filter(([name, value]) => value !== defaultOf(spec, name)))
    // A value that the spec refuses leaves the page where it is.
    request('spec', { constants }).then(() => {
      setError(undefined)
      if (menu.current !== null) menu.current.open = false
      onChange(constants)
    }, setError)
  }
  return (
    <details class="menu constants-menu" name="menu" ref={menu}>
      <summary>{summaryOf(spec, values)}</summary>
      <form class="popup constants" onSubmit={submit} aria-label="Constants" noValidate>
        <div class="fields">
          {spec.constants.map((it) => (
            <Field
              key={it.name}
              constant={it}
              value={draft[it.name] ?? values[it.name] ?? ''}
              onInput={(text) => setDraft({ ...draft, [it.name]: text })}
            />
          ))}
        </div>
        {error !== undefined && (
          <div class="wide" role="alert">
            <ErrorText error={error} />
          </div>
        )}
        <div class="row">
          <button type="submit">Apply</button>
          <button
            type="button"
            onClick={() => setDraft(Object.fromEntries(spec.constants.map(({ name, default: it }) => [name, it])))}
          >
            Defaults
          </button>
        </div>
      </form>
    </details>
  )
}

function Field({
  constant,
  value,
  onInput,
}: {
  readonly constant: ConstantDocument
  readonly value: string
  readonly onInput: (text: string) => void
}) {
  const { name, values: domain, default: initial, doc } = constant
  const id = `constant-${name}`
  const isOwn = value !== initial
  return (
    <>
      <label for={id} class={isOwn ? 'own' : undefined}>
        {name}
      </label>
      <Input id={id} constant={constant} value={value} onInput={onInput} />
      <span id={`${id}-doc`} class="doc">
        {doc}
        {constant.input.kind !== 'choice' && <span class="faint"> {domain}</span>}
        {isOwn && <span class="faint"> (default {initial})</span>}
      </span>
    </>
  )
}

function Input({
  id,
  constant: { input },
  value,
  onInput,
}: {
  readonly id: string
  readonly constant: ConstantDocument
  readonly value: string
  readonly onInput: (text: string) => void
}) {
  const described = { id, 'aria-describedby': `${id}-doc` }
  switch (input.kind) {
    case 'choice':
      return (
        <select {...described} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
          {input.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )
    case 'check':
      return (
        <input
          {...described}
          type="checkbox"
          checked={value === 'true'}
          onChange={(event) => onInput(String(event.currentTarget.checked))}
        />
      )
    case 'number':
      return (
        <input
          {...described}
          type="number"
          min={input.low}
          max={input.high}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )
    case 'text':
      return (
        <input
          {...described}
          class="text"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
          spellcheck={false}
          autocomplete="off"
        />
      )
  }
}

function defaultOf({ constants }: SpecDocument, name: string): string | undefined {
  return constants.find((it) => it.name === name)?.default
}

/** The constants that differ from the defaults, or else the first ones. */
function summaryOf({ constants }: SpecDocument, values: Values): string {
  const own = constants.filter(({ name, default: initial }) => values[name] !== initial)
  const shown = own.length > 0 ? own : constants.slice(0, 3)
  const more = constants.length - shown.length
  return `${shown.map(({ name }) => `${name}=${values[name]}`).join(' ')}${more > 0 ? `, ${more} more` : ''}`
}
