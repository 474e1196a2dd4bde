/** Serializes errors between threads, because an error that is sent loses its class. */
import { CheckerError, defect, workerLost, type ErrorParts } from '../../errors.ts'
import { Leaked } from '../../semantics/leaked.ts'
import { OutOfMemory } from '../../store/memory.ts'
import { Abandoned } from '../explicit/parallel/expansion-worker.ts'
import { NewElements } from '../../state/new-elements.ts'
import { Unshareable } from '../../state/unshareable.ts'

/** Why a thread did not finish its work. */
export type SerializedError =
  | { readonly kind: 'memory' | 'unshareable' | 'leaked' | 'abandoned' }
  | { readonly kind: 'elements'; readonly found: NewElements['found'] }
  | { readonly kind: 'error'; readonly parts: ErrorParts }

export function serializeError(thrown: unknown): SerializedError {
  if (thrown instanceof OutOfMemory) return { kind: 'memory' }
  if (thrown instanceof Unshareable) return { kind: 'unshareable' }
  if (thrown instanceof NewElements) return { kind: 'elements', found: thrown.found }
  if (thrown instanceof Leaked) return { kind: 'leaked' }
  if (thrown instanceof Abandoned) return { kind: 'abandoned' }
  const isOwn = thrown instanceof CheckerError
  const { code, message, details, hint, at } = isOwn
    ? thrown
    : defect(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
  return { kind: 'error', parts: { code, message, details, ...(hint && { hint }), ...(at && { at }) } }
}

export function deserializeError(error: SerializedError): Error {
  if (error.kind === 'error') return new CheckerError(error.parts)
  if (error.kind === 'elements') return new NewElements(error.found)
  if (error.kind === 'memory') return new OutOfMemory()
  if (error.kind === 'leaked') return new Leaked('another thread')
  return error.kind === 'unshareable' ? new Unshareable() : workerLost('another thread stopped')
}
