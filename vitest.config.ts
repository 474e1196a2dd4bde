import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The projects, by the tests in each. `unit` has every test that no other project has. Files of a project share processes and modules. */
const PROJECTS: { readonly [name: string]: readonly string[] } = {
  specs: ['test/specs/**/*.test.ts'],
  cli: ['test/cli/**/*.test.ts'],
  docs: ['test/docs/**/*.test.ts'],
  package: ['test/package.test.ts', 'test/types/**/*.test.ts'],
}

/** Tests that replace parts of modules. So they need modules of their own, which takes a process for each file. */
const MOCKED = ['broken-off', 'sliced-work', 'split'].map((name) => `test/engine/symbolic/${name}.test.ts`)

const others = [...Object.values(PROJECTS).flat(), ...MOCKED]

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
    env: { KRIPKE_CACHE: 'off' },
    globalSetup: ['test/support/cache.ts'],
    setupFiles: ['test/support/setup.ts'],
    // Node loads the built command line, as it does for a user.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}

/** The projects, for tests that try `amount` of everything. */
export const configOf = (amount: 'some' | 'all'): ViteUserConfig =>
  defineConfig({
    ...base,
    test: {
      ...base.test,
      projects: [
        { name: 'unit', include: ['test/**/*.test.ts'], exclude: others, isolate: false },
        { name: 'mocked', include: MOCKED },
        ...Object.entries(PROJECTS).map(([name, include]) => ({ name, include: [...include], isolate: false })),
      ].map((project) => ({
        extends: true as const,
        test: { ...project, env: { ...base.test.env, KRIPKE_TESTS: amount } },
      })),
    },
  })

export default configOf('some')
