/** The catalogue says what is a design of each spec, and leaves out only what is none. */
import { describe, expect, it } from 'vitest'
import gupFastRemove from '../../specs/gup-fast-remove.ts'
import poisonRecovery from '../../specs/poison-recovery.ts'
import { CATALOGUE, nameOf, type Constants } from '../../scripts/catalogue.ts'
import { check } from '../../src/index.ts'
import { product, valuesOf } from '../../src/spec/domain-values.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

const entryOf = (spec: string) => CATALOGUE.find((entry) => entry.spec === spec)!

/** Every combination of the values of what is varied. */
const combinations = (spec: AnySpec): readonly Constants[] => {
  const { vary } = entryOf(spec.name)
  const values = product(vary.map((name) => valuesOf(spec.constants[name]!.domain)))
  return values.map((row) => Object.fromEntries(vary.map((name, index) => [name, row[index]])))
}

const found = async (spec: AnySpec, constants: Constants) => {
  const { states, properties, measures } = await check(spec, { constants, continue: true })
  return { states, properties: properties.map(({ name, result }) => [name, result]), measures }
}

describe('the catalogue', () => {
  it.each([
    [gupFastRemove as AnySpec, 16, 'pgmapRef=yes unmap=none sync=none', { sync: 'none' }],
    [poisonRecovery as AnySpec, 14, 'design=plain order=clear-write-list', { order: 'clear-write-list' }],
  ])('leaves out variants that are the same as another', async (spec, variants, first, otherwise) => {
    const entry = entryOf(spec.name)
    const kept = combinations(spec).filter((constants) => !entry.moot!(constants))
    expect(kept).toHaveLength(variants)
    expect(nameOf(entry, kept[0]!)).toBe(first)
    for (const moot of combinations(spec).filter((constants) => entry.moot!(constants))) {
      expect(await found(spec, moot)).toEqual(await found(spec, { ...moot, ...otherwise }))
    }
  })

  it('names a variant by its value alone where one constant is varied', () => {
    expect(nameOf(entryOf('dax-lease'), { design: 'v3', leases: 2 })).toBe('v3')
  })
})
