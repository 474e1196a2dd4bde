/** Searches of the explorer: by its requests and on its page. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'kripke-find-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function find(page: Page, expression: string): Promise<void> {
  await page.keyboard.press('/')
  await page.locator('input.expression').fill(expression)
  await page.keyboard.press('Enter')
}

describeInBrowser('a search on the page', ({ open, problems }) => {
  it('finds a shortest path to a state that an expression describes', async () => {
    const page = await open('specs/classic/die-hard.ts')
    await find(page, 'big === (4 as number)')
    // Six steps, as TLC says too.
    await expect.poll(async () => (await namesOfPath(page)).length, PATIENT).toBe(7)
    await find(page, 'big === 6')
    await page
      .getByText('Kripke explored all 16 states from this state and did not find such a state.')
      .waitFor(PATIENT)
    await find(page, 'big ===')
    await page.locator('.error').getByText('must be a TypeScript expression').waitFor(PATIENT)
    // The browser logs the status 422.
    problems.length = 0
  })

  it('runs to a violation, and shortens a path', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await page.locator('.find summary').click()
    await page.getByLabel('by').selectOption('random')
    await page.getByRole('button', { name: 'Run to a violation' }).click()
    await page.locator('.now .chip.bad').waitFor(PATIENT)
    const long = (await namesOfPath(page)).length
    await page.locator('.find summary').click()
    await page.getByRole('button', { name: 'Shortest path to this state' }).click()
    await expect.poll(async () => (await namesOfPath(page)).length <= long, PATIENT).toBe(true)
    expect(await page.locator('.now .chip.bad').count()).toBe(1)
  })

  it('ends when the user cancels it, also in a function that never returns', async () => {
    const file = join(folder, 'endless.ts')
    writeFileSync(
      file,
      `import { model, oneOf, schema, spec } from 'kripke'
       const State = schema({ x: oneOf('a', 'b') })
       export default spec({ name: 'endless', model: () => model(State, {
         init: State({ x: 'a' }), actions: { step: (s) => s.set('x', 'b') }, deadlock: false }) })`,
    )
    const page = await open(file)
    await find(page, '(() => { for (;;); })()')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Searching').waitFor({ state: 'detached', ...PATIENT })
    // The server answers as before.
    await page.locator('.steps').getByRole('button', { name: 'step' }).click()
    await expect.poll(() => namesOfPath(page), PATIENT).toEqual(['init', 'step'])
  })
})
