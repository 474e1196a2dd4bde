/** A number that differs, with high probability, for layouts or action instances that differ. */
import type { ModelContext } from '../../../semantics/context.ts'
import { crcOfBytes } from './crc.ts'

export function layoutHash({ layout, instances }: Pick<ModelContext, 'layout' | 'instances'>): number {
  const { width, slots, word, shift } = layout
  const described = [
    width,
    slots.map(({ name, size }, slot) => [name, size, word[slot], shift[slot]]),
    instances.map(({ who }) => who),
  ]
  return crcOfBytes(new TextEncoder().encode(JSON.stringify(described)))
}
