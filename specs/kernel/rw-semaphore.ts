/**
 * A reader-writer semaphore (struct rw_semaphore): its readers and its writer.
 *
 * The down functions do not wait. A step that takes the semaphore checks first, and is not enabled while it cannot take
 * it:
 *
 *     lock: (s, { task }) => mayRead(s.sem) && s.update('sem', (sem) => downRead(sem, task))
 *
 * Limit: there is no queue. In the kernel a waiting writer blocks later readers. So a reader that takes it twice may
 * deadlock, and a writer is not overtaken forever. This model does not find the former, and the latter needs a fairness
 * constraint.
 */
import { optional, record, setOf, type Domain, type ValueOf } from 'kripke'

/** The domain of a semaphore that `readers` may hold shared and `writers` exclusively. Initially nobody holds it. */
export const rwSemaphore = <R, W>(readers: Domain<R>, writers: Domain<W>) =>
  record({ readers: setOf(readers), writer: optional(writers) })

export type RwSemaphore<R, W> = ValueOf<ReturnType<typeof rwSemaphore<R, W>>>

/** Whether a reader can take it now. */
export const mayRead = <R, W>(sem: RwSemaphore<R, W>) => sem.writer === null

export const downRead = <R, W>(sem: RwSemaphore<R, W>, reader: R) =>
  sem.update('readers', (readers) => readers.add(reader))

export const upRead = <R, W>(sem: RwSemaphore<R, W>, reader: R) =>
  sem.update('readers', (readers) => readers.delete(reader))

/** Whether a writer can take it now. */
export const mayWrite = <R, W>(sem: RwSemaphore<R, W>) => sem.writer === null && sem.readers.isEmpty()

export const downWrite = <R, W>(sem: RwSemaphore<R, W>, writer: W) => sem.set('writer', writer)

export const upWrite = <R, W>(sem: RwSemaphore<R, W>) => sem.set('writer', null)
