/** Every spec of `specs/` by decision diagrams: all that is said of it is what the explicit engine says. */
import { describe, expect, it } from 'vitest'
import type { AnySpec } from '../../../src/spec/spec.ts'
import { compareEngines } from '../../support/twins.ts'
import { paths, SPECS, VARIANTS } from '../../support/variants.ts'

describe.each(paths)('specs/%s', (path) => {
  it.each((VARIANTS[path] ?? []).map((constants) => [JSON.stringify(constants), constants] as const))(
    'is the same by decision diagrams with %s',
    async (_, constants) => {
      const { default: spec } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
      expect(await compareEngines(spec, { constants, continue: true, deadlock: true })).toBe('symbolic')
      expect(await compareEngines(spec, { constants })).toBe('symbolic')
    },
  )
})
