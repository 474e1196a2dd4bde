/** Errors as pages get them. */
import type { CheckerError } from '../../errors.ts'
import { locate } from '../spec-loader/locate.ts'
import type { ErrorDocument } from './protocol.ts'

export function errorOf(error: CheckerError): ErrorDocument['error'] {
  locate(error)
  const { code, message, details, hint, at } = error
  return {
    code,
    message,
    ...(details.length > 0 && { details }),
    ...(hint !== undefined && { hint }),
    ...(at !== undefined && { at }),
  }
}
