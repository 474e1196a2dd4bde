/**
 * A reader-writer semaphore (struct rw_semaphore): who holds it shared, and who exclusively.
 *
 * Down does not wait by itself. A step that takes it asks first, and is not enabled while it may not:
 *
 *     lock: (s, { task }) => mayRead(s.sem) && s.update('sem', (sem) => downRead(sem, task))
 *
 * Limit: nobody queues. In the kernel a writer who waits keeps later readers out, so that a reader who takes it twice may deadlock, and
 * a writer is not overtaken for ever; here the one is not found, and the other is a matter of fairness.
 */
import { optional, record, setOf, type Domain, type ValueOf } from 'kripke'

/** The domain of a semaphore that `readers` may hold shared and `writers` exclusively. At first nobody does. */
export const rwSemaphore = <R, W>(readers: Domain<R>, writers: Domain<W>) =>
  record({ readers: setOf(readers), writer: optional(writers) })

export type RwSemaphore<R, W> = ValueOf<ReturnType<typeof rwSemaphore<R, W>>>

/** Whether it can be taken shared at this moment. */
export const mayRead = <R, W>(sem: RwSemaphore<R, W>) => sem.writer === null

export const downRead = <R, W>(sem: RwSemaphore<R, W>, reader: R) =>
  sem.update('readers', (readers) => readers.add(reader))

export const upRead = <R, W>(sem: RwSemaphore<R, W>, reader: R) =>
  sem.update('readers', (readers) => readers.delete(reader))

/** Whether it can be taken exclusively at this moment. */
export const mayWrite = <R, W>(sem: RwSemaphore<R, W>) => sem.writer === null && sem.readers.isEmpty()

export const downWrite = <R, W>(sem: RwSemaphore<R, W>, writer: W) => sem.set('writer', writer)

export const upWrite = <R, W>(sem: RwSemaphore<R, W>) => sem.set('writer', null)
