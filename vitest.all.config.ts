import { configOf } from './vitest.config.ts'

/** Every test, on every model, the command line as a process: `npm run test:all`. */
export default configOf('all')
