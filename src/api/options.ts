/** The options of checks and simulations, and what is told while they run. */
export { MAX_WORKERS } from '../engine/settings.ts'
export { DEFAULT_MS } from '../engine/simulation/options.ts'
export type { Ending } from '../engine/ending.ts'
export type { CheckOptions, EngineName, PartialOrderMode, Progress, Tuning } from '../engine/settings.ts'
export type { CheckpointStore, Disk, DiskNews, RunRecord, SavedRun, StatesOnDisk } from '../engine/checkpoint.ts'
export type { SimulateOptions, SimulationProgress } from '../engine/simulation/options.ts'
export { OutOfDisk, type WordFile } from '../engine/checkpoint.ts'
export type { SimulationEnding } from '../engine/simulation/simulation-run.ts'
