import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Specs import the package by its name, as a user's do; here that is the source.
    alias: { kripke: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // As many as there are cores; left to itself vitest keeps one free, which is half of two.
    maxWorkers: '100%',
    // Tests of the cache name a folder of their own.
    env: { KRIPKE_CACHE: 'off' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
