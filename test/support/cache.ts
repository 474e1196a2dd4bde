/** A cache of compiled specs for the tests of one run that call the command line as a function. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Makes the folder before all tests. @returns a function that removes it */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'kripke-test-cache-'))
  process.env['KRIPKE_TEST_CACHE'] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
