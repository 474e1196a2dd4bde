/**
 * Thrown for a value that cannot be sent to another thread, and where there is no room for it: one thread must explore alone.
 *
 * Apart from `value-log.ts`, so that a run in one thread does not load msgpackr.
 */
export class Unshareable extends Error {}
