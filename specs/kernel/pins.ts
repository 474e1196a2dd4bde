/**
 * How long pages stay pinned. Whether a design may wait for pins depends on this assumption alone, so all specs use the
 * same name.
 */
import { constant, oneOf } from 'kripke'

/** The constant `pins` of a spec. */
export const pinDuration = constant(
  oneOf('transient', 'long-term'),
  'transient',
  'whether every pin is dropped in the end, or DMA may go on for ever, as RDMA',
)

/** For the `unfair` labels of a thread: the labels at which it has pages pinned, and may stay if pins are long-term. */
export const mayLast = <Label extends string>(pins: 'transient' | 'long-term', ...pinned: Label[]): Label[] =>
  pins === 'long-term' ? pinned : []
