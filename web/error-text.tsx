/** An error as the server tells it: what was wrong, where, and what to do. */
import type { ErrorDocument } from '../src/cli/explore/protocol.ts'

export function ErrorText({ error, lead }: { readonly error: ErrorDocument['error']; readonly lead?: string }) {
  const { code, message, details = [], hint, at } = error
  return (
    <p class="error">
      {lead !== undefined && <b>{lead}. </b>}
      {code === '' ? '' : `${code}: `}
      {message}
      {at !== undefined && <code> {at}</code>}
      {details.map(([label, value]) => (
        <span class="hint" key={label}>
          {label} {value}
        </span>
      ))}
      {hint !== undefined && <span class="hint">{hint}</span>}
    </p>
  )
}
