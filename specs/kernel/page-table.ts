/**
 * Page tables: the accesses to a page that each process can make without a fault.
 *
 * They are maps from process to page to entry: `pte: pageTables(Process, Page, Pte)`. The spec decides what a page is;
 * it may be a whole file. TLBs are omitted: when an entry becomes invalid, its users stop at once.
 */
import { mapOf, oneOf, type Domain, type ValueOf } from 'kripke'

/** A page table entry, by the accesses that it allows without a fault: none, reads, or all. */
export const Pte = oneOf('none', 'read', 'write')
export type Pte = ValueOf<typeof Pte>

/** The domain of page tables. An entry is a `Pte`, or another value than `'none'` for a page that is present. */
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

/** Gives each process the same entry for each page. */
export const mapAll = <Process, Page, Entry>(tables: PageTables<Process, Page, Entry>, entry: Entry) =>
  tables.map((row) => row.map(() => entry))

/** unmap_mapping_range(): removes the pages for which `isUnmapped` is true from all processes. */
export const unmapRange = <Process, Page, Entry>(
  tables: PageTables<Process, Page, Entry | 'none'>,
  isUnmapped: (page: Page, entry: Entry | 'none') => boolean,
) => tables.map((row) => row.map((entry, page) => (isUnmapped(page, entry) ? ('none' as const) : entry)))
