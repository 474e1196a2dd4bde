/** The clock. It is read at load time, before Kripke hides the clock from specs. */
export const now: () => number = performance.now.bind(performance)
