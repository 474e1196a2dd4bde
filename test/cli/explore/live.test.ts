/** Saving the spec reloads it in the explorer. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { ROOT } from '../kripke.ts'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'kripke-live-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const JUGS = readFileSync(join(ROOT, 'specs/classic/die-hard.ts'), 'utf8')

describeInBrowser('a spec that is saved', ({ open }) => {
  it('is loaded again, and the path stays as far as it replays', async () => {
    const file = join(folder, 'jugs.ts')
    writeFileSync(file, JUGS)
    const page = await open(file)
    for (const name of ['fillBig', 'bigToSmall', 'emptySmall']) {
      await page.locator('.steps').getByRole('button', { name }).click()
      await expect.poll(async () => (await namesOfPath(page)).at(-1), PATIENT).toBe(name)
    }
    // A mistake leaves everything as it was.
    writeFileSync(file, `${JUGS}\nconst = 3`)
    await page.locator('.error').getByText('was not loaded').waitFor(PATIENT)
    expect(await page.locator('.error').textContent()).toMatch(/jugs\.ts:\d+:\d+/)
    expect(await namesOfPath(page)).toEqual(['init', 'fillBig', 'bigToSmall', 'emptySmall'])
    // So does a model that cannot be made.
    writeFileSync(file, JUGS.replace('=>\n    model(', '=>\n    modell('))
    await page.locator('.error').getByText('modell is not defined').waitFor(PATIENT)
    expect(await namesOfPath(page)).toEqual(['init', 'fillBig', 'bigToSmall', 'emptySmall'])
    // Without the second step, the path ends before it.
    writeFileSync(file, JUGS.replaceAll('bigToSmall', 'pour'))
    await page.getByText('bigToSmall is not enabled at step 2.').waitFor(PATIENT)
    await expect.poll(() => namesOfPath(page), PATIENT).toEqual(['init', 'fillBig'])
    await page.locator('.steps').getByRole('button', { name: 'pour' }).waitFor()
    // With it, the whole path comes back.
    writeFileSync(file, JUGS)
    await expect.poll(() => namesOfPath(page), PATIENT).toEqual(['init', 'fillBig', 'bigToSmall', 'emptySmall'])
    expect(await page.locator('.error').count()).toBe(0)
  })
})
