/**
 * Tests of real code against a spec. Import this module in a test:
 *
 *     import { drive } from 'kripke/drive'
 *
 *     await drive(design, { setup: () => new Store(), actions: { put: (store, { key }) => store.put(key) }, observe: ... })
 */
export { refused } from './drive/driver.ts'
export type { Driver, Observation, Run } from './drive/driver.ts'
export { drive } from './drive/drive.ts'
export type { Driven, DriveOptions, Paths, RandomPaths } from './drive/drive.ts'
export { DriveError, type DrivenStep } from './drive/drive-error.ts'
export { driveConcurrently } from './drive/concurrent.ts'
export type { ConcurrentOptions, DrivenConcurrently } from './drive/concurrent.ts'
