/** How much memory a run may take, and how much it took. */

/** Share of the free memory that states may take. */
const MEMORY_SHARE = 0.75

/** Bytes that states may take unless the user says so. */
export function defaultMemory(): number {
  return process.availableMemory() * MEMORY_SHARE
}

/** The most memory the process has had so far. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
