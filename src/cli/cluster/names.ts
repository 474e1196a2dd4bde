/** Subjects and streams of a run. All begin with `kripke`, so that credentials can be limited to them. */

/** Where coordinators announce their runs. */
export const RUNS = 'kripke.runs'

/** Where workers announce themselves. */
export const WORKERS = 'kripke.workers'

/** Streams of all runs begin with this. */
export const STREAMS = 'kripke-'

export const controlStream = (run: string): string => `${STREAMS}${run}-control`
export const journalStream = (run: string): string => `${STREAMS}${run}-journal`
export const controlSubject = (run: string): string => `kripke.run.${run}.control`
/** Tells that the control log has another record. */
export const newsSubject = (run: string): string => `kripke.run.${run}.news`
export const journalSubject = (run: string, slot: number | '*'): string => `kripke.run.${run}.journal.${slot}`
export const specSubject = (run: string): string => `kripke.run.${run}.spec`
export const inboxSubject = (run: string, name: string): string => `kripke.run.${run}.to.${name}`
export const cancelSubject = (run: string): string => `kripke.run.${run}.cancel`

/** A part of a subject: without dots, spaces and wildcards. */
export function asToken(text: string): string {
  return text.replaceAll(/[^\w-]/g, '-')
}

/** Reads what somebody announces; undefined if it is something else. */
export function announcementOf<T>(data: Uint8Array): T | undefined {
  try {
    const announced = JSON.parse(new TextDecoder().decode(data)) as T | null
    return typeof announced === 'object' && announced !== null ? announced : undefined
  } catch {
    return undefined
  }
}

/** What a coordinator announces. */
export interface Announcement {
  readonly run: string
  /** Differs for each coordinator, also of the same run. */
  readonly coordinator: string
  readonly version: string
  readonly spec: string
  /** Pieces of the compiled spec, and the hash of the whole. */
  readonly pieces: number
  readonly hash: string
  readonly nodes: number
  readonly distinct: number
  readonly depth: number
  readonly seconds: number
}

/** What a worker announces. */
export interface WorkerAnnouncement {
  readonly worker: string
  readonly version: string
  /** The runs in which it takes part. */
  readonly runs: readonly string[]
}
