import { defineConfig } from 'vitest/config'
import { base } from './vitest.config.ts'

/** Suites that take minutes: `npm run test:long`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    env: { ...base.test.env, KRIPKE_TESTS: 'all' },
    include: ['test/**/*.long.ts'],
    testTimeout: 1_800_000,
  },
})
