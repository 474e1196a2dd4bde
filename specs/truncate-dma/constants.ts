/** The constants of `truncate-dma.ts`: the design, its variants, and the sizes. */
import { constant, oneOf, range } from 'kripke'
import { pinDuration } from '../kernel/pins.ts'

export const constants = {
  design: constant(
    oneOf(
      'none',
      'fail',
      'wait-layout',
      'wait-allocated',
      'wait-allocated-v3',
      'sequester',
      'extent-busy',
      'busy-page',
      'disable-dax',
    ),
    'none',
    'what truncate does about DMA',
  ),
  files: constant(range(1, 6), 2, 'files on the file system'),
  blocks: constant(range(1, 6), 2, 'blocks, which are also pages'),
  users: constant(range(1, 6), 2, 'users of DMA'),
  pagesPerGup: constant(range(1, 6), 1, 'most pages that one get_user_pages() asks for'),
  race: constant(
    oneOf('locked', 'check-then-free'),
    'locked',
    'whether truncate keeps new pins out from its check until it has freed',
  ),
  gupOrder: constant(
    oneOf('lease-first', 'ref-first'),
    'lease-first',
    'which of lease and page reference gup takes first',
  ),
  gupFast: constant(oneOf('off', 'on'), 'off', 'whether the lock-free gup, which takes no lease, works on DAX'),
  dio: constant(
    oneOf('pin-then-break', 'break-then-pin'),
    'pin-then-break',
    'whether a direct write breaks layouts after or before it pins its buffer',
  ),
  holdLock: constant(oneOf('no', 'yes'), 'no', 'whether truncate keeps the fault lock while it waits'),
  newPins: constant(oneOf('allowed', 'blocked'), 'allowed', 'whether gup may start while truncate waits'),
  reclaim: constant(oneOf('on-idle', 'at-mount', 'never'), 'on-idle', 'when blocks set aside are freed'),
  umount: constant(
    oneOf('off', 'no-drain', 'drain'),
    'off',
    'whether there are remounts, and whether they wait for pins',
  ),
  scanFirst: constant(oneOf('no', 'yes'), 'no', 'busy-page: whether references are looked at before unmapping'),
  wakeup: constant(oneOf('weak', 'strong'), 'weak', 'whether a truncate that waits may be overtaken for ever'),
  pins: pinDuration,
}

/** The values of the constants. */
export type Constants = { readonly [K in keyof typeof constants]: (typeof constants)[K]['initial'] }
