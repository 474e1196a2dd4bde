import { mergeConfig } from 'vitest/config'
import config from './vitest.config.ts'

/** Suites that take minutes: `npm run test:long`. */
const long = mergeConfig(config, { test: { testTimeout: 1_800_000 } })
long.test.include = ['test/**/*.long.ts']
export default long
