/** Each spec of `specs/` has tests that explore it in each way. A spec without such tests makes this fail. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { paths, VARIANTS } from '../support/variants.ts'

const HERE = new URL('.', import.meta.url)

const tests = readdirSync(HERE)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, HERE), 'utf8'))

it.each(paths)('explores specs/%s in each way', (path) => {
  expect(VARIANTS[path]).toBeDefined()
  expect(tests.filter((text) => text.includes(`compareVariants('${path}')`))).toHaveLength(1)
})
