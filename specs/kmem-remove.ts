/**
 * Unbinding a dax device whose memory was onlined as System RAM.
 *
 * The kmem driver adds a device's range as ordinary memory. What is in use of it can be taken back only with the consent of those
 * who use it: hot-remove was built for requests that the OS may refuse. Unbinding a driver cannot be refused. Today the driver then
 * has one shot: if the memory is not offline, the device is unbound and the region leaked, or burnt, until the next reboot.
 *
 * The wish is that removal succeeds after memory_failure() of the whole range. The answer: there is no guarantee that memory which
 * the page allocator has handed out can be offlined. Perhaps in ZONE_MOVABLE; in ZONE_NORMAL "bets are completely off": the memmap of
 * one dax device may have been allocated from another. What does each design give up, and what has to be ruled out so that one of
 * them gives up nothing? `kripke compare specs/kmem-remove.ts --vary design` answers, without and with `-c zones=movable`.
 *
 * Thread: Dan Williams, "[PATCH 0/3] mm, pmem: Force unmap pmem on surprise remove", March 2021, last paragraph of the cover letter, and
 * David Hildenbrand's reply. Designs:
 *
 *     burn          leaks the region unless it is offline already: as it is
 *     refuse        fails, as remove_memory() was meant to
 *     mf-force      memory_failure() over the range, and rips it out
 *     mf-movable    so, but only in ZONE_MOVABLE, with nothing pinned; else as burn
 *     wait-offline  migrates what can be migrated, and waits for the rest
 *
 * Not from the thread, but from the public driver: what exactly is burnt, and that a memmap may lie on the device itself.
 *
 * Abstracted: a device has one memory block, offline or online as a whole, of very few pages; a memmap takes one page; killing the
 * users of a page frees it. Hugetlb, CMA and poisoned pages are left out.
 *
 * Atomicity: offlining is one step, so is what unbinding decides and does at once; while a design waits, it migrates page by page.
 *
 * Uncertain: (1) Migration is assumed to find room elsewhere. (2) mf-movable assumes that memory_failure() reaches every movable page in
 * time, which is what the reply doubts.
 */
import {
  action,
  constant,
  forAll,
  goto,
  leadsTo,
  mapOf,
  members,
  model,
  ofStep,
  oneOf,
  range,
  schema,
  spec,
  step,
  steps,
  thread,
  weak,
} from 'kripke'
import { pinDuration } from './kernel/pins.ts'
import { isWithin } from './kernel/section.ts'

export default spec({
  name: 'kmem-remove',
  doc: 'Unbinding dax memory that is in use as System RAM: what can be promised?',
  constants: {
    design: constant(
      oneOf('burn', 'refuse', 'mf-force', 'mf-movable', 'wait-offline'),
      'burn',
      'what unbinding does about memory that is not offline',
    ),
    zones: constant(oneOf('both', 'movable', 'normal'), 'both', 'the zones to which memory may be onlined'),
    memmap: constant(
      oneOf('any', 'boot', 'self'),
      'any',
      'where a memmap may lie besides in the memory there was at boot: on any other device, nowhere, or on the device itself',
    ),
    phys: constant(oneOf('off', 'on'), 'off', 'whether a burnt device may be pulled out'),
    pins: pinDuration,
    devices: constant(range(1, 4), 2, 'dax devices'),
    pages: constant(range(1, 4), 1, 'pages of each'),
  },
  assumptions: {
    'a device that holds its own memmap has room for more': ({ memmap, pages }) => memmap !== 'self' || pages > 1,
  },

  model: ({ design, zones, memmap, phys, pins, devices, pages }) => {
    const isRippedOut = design === 'mf-force' || phys === 'on'

    const Device = members('device', devices, { symmetric: true })
    /** Pages differ where the first holds the memmap, or where the first that is missed is told. */
    const Page = members('page', pages, { symmetric: memmap !== 'self' && !isRippedOut })
    const Zone = oneOf('movable', 'normal')

    const State = schema({
      /** `unbinding`: the driver waits until all is offline. `burnt`: unbound, and yet in use. */
      device: thread({ device: Device }, 'unbound', 'online', 'offline', 'unbinding', 'burnt'),
      zone: mapOf(Device, Zone),
      /** What each page is used for. Under the name of a device: for the memmap of that device. */
      page: mapOf(Device, mapOf(Page, oneOf('free', 'movable', 'pinned', 'kernel', ...Device))),
      /** What was in use of memory that is gone. Nothing goes on from there. */
      ripped: oneOf('nothing', 'kernel', 'pinned', 'memmap', 'user'),
    })
    type State = ReturnType<typeof State>
    type Device = (typeof Device)[number]
    type Page = (typeof Page)[number]
    type Use = 'free' | 'movable' | 'pinned' | 'kernel' | Device
    type Own = { device: Device }

    const isIntact = (s: State) => s.ripped === 'nothing'

    // ── What memory is used for ──────────────────────────────────────────────────────────────────────────────────────

    const useOf = (s: State, device: Device, page: Page): Use => s.page.get(device).get(page)
    const isMemmap = (use: Use): use is Device => !['free', 'movable', 'pinned', 'kernel'].includes(use)
    const isMemmapOfOther = (use: Use, device: Device): use is Device => isMemmap(use) && use !== device

    /** Whether the page allocator has the device's memory: also after it was burnt. */
    const isAllocatable = (s: State, device: Device) => isWithin(s.device.get(device), 'online', 'burnt')
    const isInUse = (s: State, device: Device) => isAllocatable(s, device) || s.device.get(device) === 'unbinding'

    const isAnyUsed = (s: State, device: Device, isUse: (use: Use) => boolean) =>
      Page.some((page) => isUse(useOf(s, device, page)))
    /** Whether something is there that cannot be migrated. */
    const isBlocked = (s: State, device: Device) =>
      isAnyUsed(s, device, (use) => use === 'kernel' || use === 'pinned' || isMemmapOfOther(use, device))

    /** Makes free the pages for which this is true, on any device. */
    const freePages = (s: State, isFreed: (use: Use, on: Device) => boolean) =>
      Device.reduce(
        (all, on) =>
          Page.reduce(
            (next, page) => (isFreed(useOf(s, on, page), on) ? next.setIn(['page', on, page], 'free') : next),
            all,
          ),
        s,
      )

    // ── Removing memory ──────────────────────────────────────────────────────────────────────────────────────────────

    /** remove_memory(): nothing is left of the device, nor of its memmap wherever that was. */
    const remove = (s: State, device: Device) =>
      goto('unbound', freePages(s, (use, on) => on === device || use === device).setIn(['zone', device], 'movable'))

    /** What is missed first when memory is gone. */
    const missed = (s: State, device: Device, areUsersKilled: boolean) => {
      for (const page of Page) {
        const use = useOf(s, device, page)
        if (use === 'kernel' || use === 'pinned') return use
        if (isMemmapOfOther(use, device) && s.device.get(use) !== 'unbound') return 'memmap'
        if (use === 'movable' && !areUsersKilled) return 'user'
      }
      return 'nothing'
    }
    const ripOut = (s: State, device: Device, { areUsersKilled }: { areUsersKilled: boolean }) => {
      const ripped = missed(s, device, areUsersKilled)
      return ripped === 'nothing' ? remove(s, device) : goto(s.device.get(device), s.set('ripped', ripped))
    }

    // ── Adding memory ────────────────────────────────────────────────────────────────────────────────────────────────

    const isZoneAllowed = (zone: 'movable' | 'normal') => zones === 'both' || zones === zone
    const add = (s: State, device: Device, zone: 'movable' | 'normal') =>
      goto('online', s.setIn(['zone', device], zone))

    /** Uses of a page by others: from one use to another, while the device is in such a state. */
    const changeUse = (from: Use, to: Use, mayBe: (s: State, device: Device) => boolean) =>
      action({ device: Device, page: Page }, (s: State, { device, page }) =>
        isIntact(s) && mayBe(s, device) && useOf(s, device, page) === from
          ? s.setIn(['page', device, page], to)
          : undefined,
      )

    return model(State, {
      init: State(),

      /** Those who use memory. */
      actions: {
        allocMovable: changeUse('free', 'movable', isAllocatable),
        freeMovable: changeUse('movable', 'free', isAllocatable),
        pin: changeUse('movable', 'pinned', isAllocatable),
        unpin: changeUse('pinned', 'movable', isInUse),
        ...(zones !== 'movable' && {
          allocKernel: changeUse(
            'free',
            'kernel',
            (s, device) => isAllocatable(s, device) && s.zone.get(device) === 'normal',
          ),
          freeKernel: changeUse('kernel', 'free', isInUse),
        }),
      },

      threads: {
        device: {
          guard: isIntact,
          /** A driver that waits goes on when it can. Otherwise nobody has to bind or unbind anything. */
          fair: 'weak',
          unfair: ['unbound', 'online', 'offline', 'burnt'],
          at: {
            /** dev_dax_kmem_probe() */
            unbound: {
              probe: step({ zone: Zone }, (s, { device, zone }) =>
                isZoneAllowed(zone) ? add(s, device, zone) : undefined,
              ),
              ...(memmap === 'any' &&
                zones !== 'movable' && {
                  /** The memmap comes from whatever memory is free and may be used by the kernel. */
                  probeOnOther: step({ zone: Zone, other: Device, page: Page }, (s, { device, zone, other, page }) => {
                    if (!isZoneAllowed(zone) || other === device || !isAllocatable(s, other)) return
                    if (s.zone.get(other) !== 'normal' || useOf(s, other, page) !== 'free') return
                    return add(s.setIn(['page', other, page], device), device, zone)
                  }),
                }),
              ...(memmap === 'self' && {
                /** MHP_MEMMAP_ON_MEMORY */
                probeOnSelf: step({ zone: Zone }, (s, { device, zone }) =>
                  isZoneAllowed(zone) ? add(s.setIn(['page', device, Page[0]!], device), device, zone) : undefined,
                ),
              }),
            },

            online: {
              /** offline_pages(), for whoever asks in time. */
              offline: (s, { device }) =>
                isBlocked(s, device)
                  ? undefined
                  : goto(
                      'offline',
                      freePages(s, (use, on) => on === device && use === 'movable'),
                    ),

              // dev_dax_kmem_remove(), of memory that is not offline.
              ...(design === 'burn' && { unbindBurn: (s: State) => goto('burnt', s) }),
              ...(design === 'refuse' && { unbindRefused: (s: State) => goto('online', s) }),
              ...(design === 'mf-force' && {
                unbindForce: (s: State, { device }: Own) => ripOut(s, device, { areUsersKilled: true }),
              }),
              ...(design === 'mf-movable' && {
                unbindMovable: (s: State, { device }: Own) => {
                  const isKept = s.zone.get(device) === 'normal' || isAnyUsed(s, device, (use) => use === 'pinned')
                  return isKept ? goto('burnt', s) : remove(s, device)
                },
              }),
              ...(design === 'wait-offline' && { unbindWait: (s: State) => goto('unbinding', s) }),
            },

            offline: {
              online: (s) => goto('online', s),
              /** dev_dax_kmem_remove(), as it was meant to be. */
              unbind: (s, { device }) => remove(s, device),
            },

            unbinding: {
              ...(design === 'wait-offline' && {
                migrate: step({ page: Page }, (s, { device, page }) =>
                  useOf(s, device, page) === 'movable'
                    ? goto('unbinding', s.setIn(['page', device, page], 'free'))
                    : undefined,
                ),
                unbindRemoved: (s: State, { device }: Own) =>
                  isBlocked(s, device) || isAnyUsed(s, device, (use) => use === 'movable')
                    ? undefined
                    : remove(s, device),
              }),
            },

            burnt: {
              ...(phys === 'on' && {
                /** The address range is kept from others, but the memory is gone. */
                physRemove: (s: State, { device }: Own) => ripOut(s, device, { areUsersKilled: false }),
              }),
            },
          },
        },
      },

      invariants: {
        noKernelPageRipped: (s) => s.ripped !== 'kernel',
        noPinnedPageRipped: (s) => s.ripped !== 'pinned',
        noMemmapRipped: (s) => s.ripped !== 'memmap',
        noUserPageRipped: (s) => s.ripped !== 'user',
        /** No address range is lost until the next reboot. */
        regionNeverBurnt: forAll({ device: Device }, (s, { device }) => s.device.get(device) !== 'burnt'),
        /** Whether unbinding can fail is asked of states: a step that changes nothing is beyond transition properties. */
        unbindNeverFails: forAll(
          { device: Device },
          (s, { device }) => design !== 'refuse' || s.device.get(device) !== 'online',
        ),
      },

      temporal: {
        ...(design === 'wait-offline' && {
          unbindTerminates: forAll({ device: Device }, ({ device }) =>
            leadsTo(
              (s: State) => s.device.get(device) === 'unbinding',
              (s: State) => s.device.get(device) !== 'unbinding',
            ),
          ),
        }),
        ...((design === 'burn' || design === 'mf-movable') && {
          burntRecovers: forAll({ device: Device }, ({ device }) =>
            leadsTo(
              (s: State) => s.device.get(device) === 'burnt',
              (s: State) => s.device.get(device) !== 'burnt',
            ),
          ),
        }),
      },

      measures: {
        /** Capacity that is lost until the next reboot, in pages. */
        burntPages: (s) => pages * Device.filter((device) => s.device.get(device) === 'burnt').length,
        /** Pages whose users memory_failure() kills at one unbind. */
        pagesKilled: ofStep(({ action, bindings, before, after }) => {
          const device = bindings.device as Device
          const isFailed =
            action === 'unbindForce' || (action === 'unbindMovable' && after.device.get(device) === 'unbound')
          return isFailed ? Page.filter((page) => useOf(before, device, page) === 'movable').length : 0
        }),
        /** Unbinds that wait for their memory to be offline. How long each does is no number of a state; see `unbindTerminates`. */
        waitingUnbinds: (s) => Device.filter((device) => s.device.get(device) === 'unbinding').length,
      },

      /** What the kernel has allocated for itself it may keep for ever. */
      fairness: {
        ...(pins === 'transient' && {
          pinsEnd: forAll({ device: Device }, ({ device }) => weak(steps('unpin', { device }))),
        }),
      },

      deadlock: { unless: (s) => !isIntact(s) },
    })
  },
})
