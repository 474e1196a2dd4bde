/** The example of docs/conformance.md that drives code fails as the page says, and passes once it is corrected. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DriveError } from 'kripke/drive'
import { afterAll, describe, expect, it } from 'vitest'
import { ROOT } from '../cli/kripke.ts'

const PAGE = readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8')

function blockOf(comment: string): string {
  const start = PAGE.indexOf(`<!-- ${comment} -->`)
  return /```\w+\n([^]*?)```/.exec(PAGE.slice(start))![1]!
}

describe('the example that drives a ring buffer', () => {
  const folders: string[] = []
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

  /** Runs the test of the page. @returns its error */
  async function run(ring: string): Promise<unknown> {
    const folder = mkdtempSync(join(ROOT, 'test/docs/example-'))
    folders.push(folder)
    writeFileSync(join(folder, 'queue.ts'), blockOf('code: queue.ts'))
    writeFileSync(join(folder, 'ring.ts'), ring)
    const test = blockOf('code: ring.test.ts').replace(
      "import { test } from 'vitest'",
      'export let run: () => Promise<void>\nconst test = (_: string, given: typeof run) => void (run = given)',
    )
    writeFileSync(join(folder, 'run.ts'), test)
    const made = (await import(pathToFileURL(join(folder, 'run.ts')).href)) as { run: () => Promise<void> }
    return await made.run().catch((error: unknown) => error)
  }

  it('fails as the page shows', async () => {
    const error = await run(blockOf('code: ring.ts'))
    expect(error).toBeInstanceOf(DriveError)
    expect((error as DriveError).message).toBe(blockOf('failure of: ring.test.ts').trimEnd())
  })

  it('passes once it is corrected as the page says', async () => {
    const wrong = 'Math.min(this.#head + 1, 1)'
    const right = /`(\(this\.#head \+ 1\) % 2)`/.exec(PAGE)![1]!
    expect(blockOf('code: ring.ts')).toContain(wrong)
    expect(await run(blockOf('code: ring.ts').replace(wrong, right))).toBeUndefined()
  })
})
