/** Thrown for a value that cannot be sent to another thread, and where there is no room for it: one thread is to explore alone. */
export class Unshareable extends Error {}
