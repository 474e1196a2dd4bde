import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
// @ts-expect-error -- a script without types
import { tracePage } from './build-pages.mjs'

/**
 * The projects and their tests. `unit` contains each test that is in no other project. The files of a project share
 * processes and modules.
 */
const PROJECTS: { readonly [name: string]: readonly string[] } = {
  specs: ['test/specs/**/*.test.ts'],
  cli: ['test/cli/**/*.test.ts'],
  docs: ['test/docs/**/*.test.ts'],
  examples: ['examples/**/*.test.ts'],
  package: ['test/package.test.ts', 'test/types/**/*.test.ts'],
}

/** Tests that replace parts of modules. They need their own modules, so each file runs in its own process. */
const MOCKED = ['broken-off', 'sliced-work', 'split'].map((name) => `test/engine/symbolic/${name}.test.ts`)

const others = [...Object.values(PROJECTS).flat(), ...MOCKED]

/** The common settings of all tests. */
export const base = {
  // As in build.mjs.
  define: { TRACE_PAGE: JSON.stringify(await tracePage(fileURLToPath(new URL('.', import.meta.url)))) },
  resolve: {
    // Specs import the package by its name, like a user's specs. Here the name means the source.
    alias: {
      'kripke/drive': fileURLToPath(new URL('src/drive.ts', import.meta.url)),
      'kripke/fast-check': fileURLToPath(new URL('src/fast-check.ts', import.meta.url)),
      'kripke/vitest': fileURLToPath(new URL('src/vitest.ts', import.meta.url)),
      kripke: fileURLToPath(new URL('src/index.ts', import.meta.url)),
    },
  },
  test: {
    // Use all cores. By default vitest keeps one free, which is half of two.
    maxWorkers: '100%',
    // Tests of the cache set their own folder. `test/support/amount.ts` explains KRIPKE_TESTS.
    env: { KRIPKE_CACHE: 'off' },
    globalSetup: ['test/support/cache.ts'],
    setupFiles: ['test/support/setup.ts'],
    // Node loads the built command line, as it does for a user.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}

/** The projects, for tests that try `amount` of the cases. */
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
