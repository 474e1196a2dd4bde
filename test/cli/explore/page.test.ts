/** The page of the explorer in a real browser: Debian's Chromium. Without it these tests are skipped. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { itInAll } from '../../support/amount.ts'
import { ROOT } from '../kripke.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const isInstalled = existsSync(CHROMIUM)
if (!isInstalled) console.warn(`The tests of the explorer's page are skipped: ${CHROMIUM} is not installed.`)

let browser: Browser
const children: ChildProcess[] = []
/** What the page printed or threw. */
const problems: string[] = []

/** Starts the command, and opens its page. */
async function open(...args: readonly string[]): Promise<Page> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'explore', ...args, '--port', '0'], {
    cwd: ROOT,
  })
  children.push(child)
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const [found] = /http:\S+/.exec(text) ?? []
      if (found !== undefined) resolve(found)
    })
    child.on('exit', () => reject(new Error(`the command ended: ${text}`)))
  })
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(address)
  await page.waitForSelector('.state')
  return page
}

/** Machines that run many tests are slow. */
const PATIENT = { timeout: 20_000 }

const names = (page: Page): Promise<string[]> => page.locator('.path .entry-button .call').allTextContents()

describe.skipIf(!isInstalled)('the page of the explorer', () => {
  beforeAll(async () => {
    // The sandbox of Chromium does not work for root.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    for (const child of children.splice(0)) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGINT')
      const status = await ended
      if (status !== 0) problems.push(`the command ended with ${String(status)}`)
    }
    if (problems.length > 0) throw new Error(problems.splice(0).join('\n'))
  })

  it('takes steps, undoes and redoes them by keys and by clicks, and its address leads back', async () => {
    const page = await open('specs/classic/die-hard.ts')
    await page.getByRole('button', { name: 'fillBig' }).click()
    await expect.poll(() => names(page), PATIENT).toEqual(['init', 'fillBig'])
    await page.getByRole('button', { name: 'bigToSmall' }).click()
    await expect.poll(() => names(page), PATIENT).toEqual(['init', 'fillBig', 'bigToSmall'])
    await page.keyboard.press('u')
    await expect.poll(() => page.locator('[aria-current=step]').textContent(), PATIENT).toContain('fillBig')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('[aria-current=step]').textContent(), PATIENT).toContain('bigToSmall')
    const again = await page.context().newPage()
    await again.goto(page.url())
    await expect.poll(() => names(again), PATIENT).toEqual(['init', 'fillBig', 'bigToSmall'])
  })

  it('shows the verdicts of the check, and opens the counterexample at the violation', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await page.locator('button.property.bad').first().click()
    await expect.poll(() => page.locator('.now .chip.bad').count(), PATIENT).toBe(1)
    expect((await names(page)).length).toBeGreaterThan(3)
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
    await expect.poll(() => page.locator('.loop button').count(), PATIENT).toBe(1)
    expect(await page.locator('.path .cycle').count()).toBeGreaterThan(0)
  })

  itInAll('changes constants by its form', async () => {
    const page = await open('specs/truncate-dma.ts')
    await page.locator('.constants-menu summary').click()
    await page.getByLabel('users').fill('1')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => page.locator('.state').textContent(), PATIENT).not.toContain('user2')
    expect(page.url()).toContain('users%3D1')
    await page.locator('.constants-menu summary').click()
    await page.getByLabel('users').fill('many')
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect.poll(() => page.locator('.error').textContent(), PATIENT).toContain('users')
    // The request with the mistake has the status 422, which the browser logs.
    problems.length = 0
  })
})
