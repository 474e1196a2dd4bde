import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The projects, by the tests in each. `unit` has every test that no other project has. */
const PROJECTS: { readonly [name: string]: readonly string[] } = {
  specs: ['test/specs/**/*.test.ts'],
  cli: ['test/cli/**/*.test.ts'],
  docs: ['test/docs/**/*.test.ts'],
  package: ['test/package.test.ts', 'test/types/**/*.test.ts'],
}
const others = Object.values(PROJECTS).flat()

/** What all tests need. */
export const base = {
  resolve: {
    // Specs import the package by its name, as a user's do; here that is the source.
    alias: { kripke: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  },
  test: {
    // As many as there are cores; left to itself vitest keeps one free, which is half of two.
    maxWorkers: '100%',
    // Tests of the cache name a folder of their own. `test/support/amount.ts` says what KRIPKE_TESTS is for.
    env: { KRIPKE_CACHE: 'off', KRIPKE_TESTS: 'some' },
    setupFiles: ['test/support/setup.ts'],
    // Node loads the built command line, as it does for a user.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}

export default defineConfig(({ mode }) => ({
  ...base,
  test: {
    ...base.test,
    env: { ...base.test.env, KRIPKE_TESTS: mode === 'all' ? 'all' : 'some' },
    projects: [
      { extends: true as const, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: others } },
      ...Object.entries(PROJECTS).map(([name, include]) => ({
        extends: true as const,
        test: { name, include: [...include] },
      })),
    ],
  },
}))
