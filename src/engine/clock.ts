/** The clock; taken before a spec could be refused it. */
export const now: () => number = performance.now.bind(performance)
