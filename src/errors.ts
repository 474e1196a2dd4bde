/**
 * Every error that a user can see: its code, sentence, labelled values and hint. Every layer may throw these errors.
 *
 * A violated property is a result, not an error. The first digit of a code says what failed. Each file of `src/errors` has
 * the errors of one digit.
 */
export { CheckerError, type Detail, type ErrorParts, type SpecFunction, type Where } from './errors/checker-error.ts'
export { nearestName } from './errors/nearest.ts'
export * from './errors/command-line.ts'
export * from './errors/definitions.ts'
export * from './errors/values.ts'
export * from './errors/limits.ts'
export * from './errors/functions.ts'
export * from './errors/defects.ts'
