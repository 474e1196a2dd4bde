/**
 * Clocks that refine each other.
 *
 * Source: L. Lamport, "Specifying Systems", 2002: HourClock and HourClock2 (chapters 2 and 11), and the clock that also
 * shows minutes (section 3.3 and chapter 5 on stuttering).
 */
import { model, range, refines, schema, spec, weak } from 'kripke'

const Hour = schema({ hour: range(1, 12) })

export const hourClock = spec({
  name: 'hour-clock',
  model: () =>
    model(Hour, {
      init: () => Array.from({ length: 12 }, (_, index) => Hour({ hour: index + 1 })),
      actions: { tick: (s) => s.set('hour', s.hour === 12 ? 1 : s.hour + 1) },
      fairness: { tick: weak('tick') },
    }),
})

export const hourClock2 = spec({
  name: 'hour-clock-2',
  model: () =>
    model(Hour, {
      init: () => Array.from({ length: 12 }, (_, index) => Hour({ hour: index + 1 })),
      actions: { tick: (s) => s.set('hour', (s.hour % 12) + 1) },
      fairness: { tick: weak('tick') },
      refinements: { clock: refines(hourClock, (s) => s) },
    }),
})

const Minutes = schema({ hour: range(1, 12), minute: range(0, 59) })

/** `skips`: an hour has no minutes, so that the hour stutters, and then moves by two. */
export const minuteClock = (broken: 'none' | 'skips' | 'stops' | 'begins' = 'none') =>
  spec({
    name: 'minute-clock',
    model: () =>
      model(Minutes, {
        init: Minutes(broken === 'begins' ? { minute: 1 } : {}),
        actions: {
          tick: (s) => {
            if (s.minute < 59) return s.set('minute', s.minute + 1)
            return s.merge({ minute: 0, hour: ((s.hour + (broken === 'skips' ? 1 : 0)) % 12) + 1 })
          },
        },
        fairness: broken === 'stops' ? {} : { tick: weak('tick') },
        refinements: { clock: refines(hourClock, ({ hour }) => ({ hour })) },
      }),
  })
