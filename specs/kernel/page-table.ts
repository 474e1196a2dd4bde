/**
 * Page tables: what each process may do with a page without a fault.
 *
 * They are maps from process to page to entry: `pte: pageTables(Process, Page, Pte)`. What a page is, the spec says: it may be a whole file.
 * TLBs are left out: who may no longer use an entry at this moment has stopped using it.
 */
import { mapOf, oneOf, type Domain, type ValueOf } from 'kripke'

/** A page table entry, by what it allows: a fault, or none if the page is only read, or none at all. */
export const Pte = oneOf('none', 'read', 'write')
export type Pte = ValueOf<typeof Pte>

/** The domain of page tables. Their entries are a `Pte`, or say something else of a page that is not `'none'`. */
export const pageTables = <Process, Page, Entry>(
  processes: Domain<Process>,
  pages: Domain<Page>,
  entries: Domain<Entry>,
) => mapOf(processes, mapOf(pages, entries))

export type PageTables<Process, Page, Entry> = ValueOf<ReturnType<typeof pageTables<Process, Page, Entry>>>

/** Whether the access needs no fault. */
export const allows = (pte: Pte, access: 'read' | 'write') => pte === 'write' || pte === access

/** pte_wrprotect(): the next store faults. */
export const writeProtected = (pte: Pte): Pte => (pte === 'write' ? 'read' : pte)

/** Gives every process the same entry for every page. */
export const mapAll = <Process, Page, Entry>(tables: PageTables<Process, Page, Entry>, entry: Entry) =>
  tables.map((row) => row.map(() => entry))

/** unmap_mapping_range(): takes the pages for which this is true from every process. */
export const unmapRange = <Process, Page, Entry>(
  tables: PageTables<Process, Page, Entry | 'none'>,
  isUnmapped: (page: Page, entry: Entry | 'none') => boolean,
) => tables.map((row) => row.map((entry, page) => (isUnmapped(page, entry) ? ('none' as const) : entry)))
