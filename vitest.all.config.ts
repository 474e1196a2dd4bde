import { configOf } from './vitest.config.ts'

/** All tests, on all models, with the command line as a process: `npm run test:all`. */
export default configOf('all')
