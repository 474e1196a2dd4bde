/** Views: what a search compares states by. */

/** The function that the author writes. States with equal values count as one. */
export type View<S> = (state: S) => unknown
