/** The page of the explorer: the walk. */
import { expect, it } from 'vitest'
import { itInAll } from '../../support/amount.ts'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'

describeInBrowser('the page of the explorer', ({ open, problems }) => {
  it('takes steps, undoes and redoes them by keys and by clicks, and its address leads back', async () => {
    const page = await open('specs/classic/die-hard.ts')
    await page.getByRole('button', { name: 'fillBig' }).click()
    await expect.poll(() => namesOfPath(page), PATIENT).toEqual(['init', 'fillBig'])
    await page.getByRole('button', { name: 'bigToSmall' }).click()
    await expect.poll(() => namesOfPath(page), PATIENT).toEqual(['init', 'fillBig', 'bigToSmall'])
    await page.keyboard.press('u')
    await expect.poll(() => page.locator('[aria-current=step]').textContent(), PATIENT).toContain('fillBig')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('[aria-current=step]').textContent(), PATIENT).toContain('bigToSmall')
    const again = await page.context().newPage()
    await again.goto(page.url())
    await expect.poll(() => namesOfPath(again), PATIENT).toEqual(['init', 'fillBig', 'bigToSmall'])
  })

  it('shows the verdicts of the check, and opens the counterexample at the violation', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await page.locator('button.property.bad').first().click()
    await page.waitForSelector('main.trace')
    await page.keyboard.press('1')
    await expect.poll(() => page.locator('.now .chip.bad').count(), PATIENT).toBe(1)
    expect((await namesOfPath(page)).length).toBeGreaterThan(3)
    expect(await page.locator('.state .changed').count()).toBeGreaterThan(0)
  })

  it('says why a step is not enabled', async () => {
    const page = await open('specs/truncate-dma.ts')
    await page.getByRole('button', { name: 'alloc(file1, block1)' }).click()
    await page.getByText('Why not others?').click()
    await page.getByText('because owner[block1] = file1').first().waitFor()
    // The list follows the walk while it is open.
    await page.getByRole('button', { name: 'alloc(file2, block2)' }).click()
    await page.getByText('because owner[block2] = file2').first().waitFor()
  })

  itInAll('marks the cycle of a lasso', async () => {
    const page = await open('specs/classic/dining-philosophers.ts', '-c', 'fair=weak', '-c', 'philosophers=2')
    await page.locator('button.property.bad').first().click()
    await page.waitForSelector('main.trace')
    await page.keyboard.press('1')
    await expect.poll(() => page.locator('.loop button').count(), PATIENT).toBe(1)
    expect(await page.locator('.path .cycle').count()).toBeGreaterThan(0)
  })

  itInAll('changes constants by its form', async () => {
    const page = await open('specs/truncate-dma.ts')
    await page.locator('.constants-menu summary').click()
    await page.getByLabel('users', { exact: true }).fill('1')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => page.locator('.state').textContent(), PATIENT).not.toContain('user2')
    expect(page.url()).toContain('users%3D1')
    await page.locator('.constants-menu summary').click()
    await page.getByLabel('users', { exact: true }).fill('9')
    await page.getByRole('button', { name: 'Apply' }).click()
    // The mistake is beside the form, and the page stays where it is.
    await expect.poll(() => page.locator('.constants .error').textContent(), PATIENT).toContain('users')
    expect(page.url()).toContain('users%3D1')
    await page.getByRole('button', { name: 'Defaults' }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => page.url(), PATIENT).not.toContain('users')
    // The request with the mistake has the status 422, which the browser logs.
    problems.length = 0
  })

  it('opens the trace of the property that the command names', async () => {
    const page = await open('specs/classic/die-hard.ts', '--property', 'bigIsNotFour')
    await page.waitForSelector('tr[data-entry="6"][aria-selected=true]')
  })
})
