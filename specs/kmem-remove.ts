/**
 * Unbinding a dax device whose memory was onlined as System RAM.
 *
 * The kmem driver adds a device's range as ordinary memory. Memory in use can be taken back only with the consent of
 * its users: hot-remove was built for requests that the OS may refuse. Unbinding a driver cannot be refused. Today the
 * driver has a single chance: if the memory is not offline, the device is unbound and the region leaks (is burnt) until
 * the next reboot.
 *
 * The thread asks whether removal can always succeed after memory_failure() of the whole range. The answer is that
 * memory from the page allocator cannot be guaranteed to go offline. It may work in ZONE_MOVABLE. In ZONE_NORMAL "bets
 * are completely off": the memmap of one dax device may have been allocated from another. What does each design give
 * up? Which assumptions let a design give up nothing? `kripke compare specs/kmem-remove.ts --vary design` answers,
 * without and with `-c zones=movable`.
 *
 * Thread: Dan Williams, "[PATCH 0/3] mm, pmem: Force unmap pmem on surprise remove", March 2021, last paragraph of the
 * cover letter, and David Hildenbrand's reply. Designs:
 *
 *     burn          leaks the region unless it is offline already: the present code
 *     refuse        fails, as remove_memory() was meant to
 *     mf-force      memory_failure() over the range, then removes it by force
 *     mf-movable    like mf-force, but only in ZONE_MOVABLE with nothing pinned; else like burn
 *     wait-offline  migrates the pages that can be migrated, and waits for the others
 *
 * From the public driver, not from the thread: the exact meaning of burnt, and that a memmap may lie on the device
 * itself.
 *
 * Abstracted: a device has one memory block of very few pages, which is offline or online as a whole. A memmap takes
 * one page. Killing the users of a page frees it. Hugetlb, CMA and poisoned pages are omitted.
 *
 * Atomicity: offlining is one step. Unbinding decides and acts in one step. While a design waits, it migrates page by
 * page.
 *
 * Uncertain: (1) The model assumes that migration finds room elsewhere. (2) mf-movable assumes that memory_failure()
 * reaches each movable page in time, which the reply doubts.
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
    /** Pages differ if the first one holds the memmap, or if the report names the first missing page. */
    const Page = members('page', pages, { symmetric: memmap !== 'self' && !isRippedOut })
    const Zone = oneOf('movable', 'normal')

    const State = schema({
      /** `unbinding`: the driver waits until all memory is offline. `burnt`: unbound but still in use. */
      device: thread({ device: Device }, 'unbound', 'online', 'offline', 'unbinding', 'burnt'),
      zone: mapOf(Device, Zone),
      /** The use of each page. The name of a device means: for the memmap of that device. */
      page: mapOf(Device, mapOf(Page, oneOf('free', 'movable', 'pinned', 'kernel', ...Device))),
      /** The use of removed memory. The run ends there. */
      ripped: oneOf('nothing', 'kernel', 'pinned', 'memmap', 'user'),
    })
    type State = ReturnType<typeof State>
    type Device = (typeof Device)[number]
    type Page = (typeof Page)[number]
    type Use = 'free' | 'movable' | 'pinned' | 'kernel' | Device
    type Own = { device: Device }

    const isIntact = (s: State) => s.ripped === 'nothing'

    // ── Uses of memory ───────────────────────────────────────────────────────────────────────────────────────────────

    const useOf = (s: State, device: Device, page: Page): Use => s.page.get(device).get(page)
    const isMemmap = (use: Use): use is Device => !['free', 'movable', 'pinned', 'kernel'].includes(use)
    const isMemmapOfOther = (use: Use, device: Device): use is Device => isMemmap(use) && use !== device

    /** Whether the page allocator has the device's memory: also after it was burnt. */
    const isAllocatable = (s: State, device: Device) => isWithin(s.device.get(device), 'online', 'burnt')
    const isInUse = (s: State, device: Device) => isAllocatable(s, device) || s.device.get(device) === 'unbinding'

    const isAnyUsed = (s: State, device: Device, isUse: (use: Use) => boolean) =>
      Page.some((page) => isUse(useOf(s, device, page)))
    /** Whether some page cannot be migrated. */
    const isBlocked = (s: State, device: Device) =>
      isAnyUsed(s, device, (use) => use === 'kernel' || use === 'pinned' || isMemmapOfOther(use, device))

    /** Frees the pages for which `isFreed` is true, on any device. */
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

    /** remove_memory(): removes the device's pages, and its memmap wherever it was. */
    const remove = (s: State, device: Device) =>
      goto('unbound', freePages(s, (use, on) => on === device || use === device).setIn(['zone', device], 'movable'))

    /** The first use that misses removed memory. */
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

    /** A change of use by others, while the device is in a suitable state. */
    const changeUse = (from: Use, to: Use, mayBe: (s: State, device: Device) => boolean) =>
      action({ device: Device, page: Page }, (s: State, { device, page }) =>
        isIntact(s) && mayBe(s, device) && useOf(s, device, page) === from
          ? s.setIn(['page', device, page], to)
          : undefined,
      )

    return model(State, {
      init: State(),

      /** The users of memory. */
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
          /** A waiting driver continues when it can. Otherwise nobody has to bind or unbind anything. */
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
                  /** The memmap is allocated from any free memory that the kernel may use. */
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
              /** offline_pages(), if somebody asks in time. */
              offline: (s, { device }) =>
                isBlocked(s, device)
                  ? undefined
                  : goto(
                      'offline',
                      freePages(s, (use, on) => on === device && use === 'movable'),
                    ),

              // dev_dax_kmem_remove() of memory that is not offline.
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
              /** dev_dax_kmem_remove() as intended. */
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
                /** The address range stays reserved, but the memory is gone. */
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
        /** Memory that is not there is not used, and no memmap of it is kept elsewhere. */
        nothingLeft: forAll(
          { device: Device },
          (s, { device }) =>
            s.device.get(device) !== 'unbound' ||
            (s.zone.get(device) === 'movable' &&
              Page.every((page) => useOf(s, device, page) === 'free') &&
              Device.every((on) => !isAnyUsed(s, on, (use) => use === device))),
        ),
        /** No address range is lost until the next reboot. */
        regionNeverBurnt: forAll({ device: Device }, (s, { device }) => s.device.get(device) !== 'burnt'),
        /**
         * Failure of unbinding is a property of states here, because transition properties do not see a step that
         * changes nothing.
         */
        unbindNeverFails: forAll(
          { device: Device },
          (s, { device }) => design !== 'refuse' || s.device.get(device) !== 'online',
        ),
      },

      transitions: {
        /** Memory that is removed has only pages that are free, or whose users are migrated or killed. */
        onlyIdleRemoved: forAll(
          { device: Device },
          ({ before, after }, { device }) =>
            before.device.get(device) === 'unbound' ||
            after.device.get(device) !== 'unbound' ||
            !isBlocked(before, device),
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
        /** Capacity lost until the next reboot, in pages. */
        burntPages: (s) => pages * Device.filter((device) => s.device.get(device) === 'burnt').length,
        /** Pages whose users memory_failure() kills in one unbind. */
        pagesKilled: ofStep(({ action, bindings, before, after }) => {
          const device = bindings.device as Device
          const isFailed =
            action === 'unbindForce' || (action === 'unbindMovable' && after.device.get(device) === 'unbound')
          return isFailed ? Page.filter((page) => useOf(before, device, page) === 'movable').length : 0
        }),
        /**
         * Unbinds that wait for their memory to go offline. A state does not show how long they wait; see
         * `unbindTerminates`.
         */
        waitingUnbinds: (s) => Device.filter((device) => s.device.get(device) === 'unbinding').length,
      },

      /** The kernel may keep its own allocations forever. */
      fairness: {
        ...(pins === 'transient' && {
          pinsEnd: forAll({ device: Device }, ({ device }) => weak(steps('unpin', { device }))),
        }),
      },

      deadlock: { unless: (s) => !isIntact(s) },
    })
  },
})
