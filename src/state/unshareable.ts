/**
 * Thrown if a value cannot be sent to another thread, or if the log is full. Then one thread must explore alone.
 *
 * It is separate from `value-log.ts`, so that a run in one thread does not load msgpackr.
 */
export class Unshareable extends Error {}
