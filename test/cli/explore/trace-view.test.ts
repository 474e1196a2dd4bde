/** The trace view of the explorer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { itInAll } from '../../support/amount.ts'
import { ROOT } from '../kripke.ts'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'
import { labelsByLane, openTrace } from './trace-page.ts'

const selected = (page: Page): Promise<string | null> => page.locator('tr[aria-selected=true] .number').textContent()

describeInBrowser('the trace view', ({ open }) => {
  it('shows a counterexample as lanes that end in the failing state with the reason, and the state of each row', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await openTrace(page, 'noFreeUnderDma')
    expect(await labelsByLane(page)).toEqual([
      ['file1', 'alloc'],
      ['user1', 'gupStart'],
      ['truncate(file1)', 'truncLock'],
      ['truncate(file1)', 'truncCheck'],
      ['truncate(file1)', 'truncFree'],
    ])
    expect(await selected(page)).toBe('5')
    expect(await page.locator('.ending').innerText()).toContain('user[user1] = dma')
    expect(await page.locator('.cause').allTextContents()).toEqual(['.pages +block1', 'owner[block1] file1 → free'])
    expect(await page.locator('.ending').isVisible()).toBe(true)
    // Keys and clicks select rows.
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    await expect.poll(() => selected(page), PATIENT).toBe('3')
    await page.locator('tr[data-entry="1"]').click()
    await expect.poll(() => selected(page), PATIENT).toBe('1')
    await expect.poll(() => page.locator('.now .changed').allTextContents(), PATIENT).toEqual(['freefile1'])
    await expect.poll(() => page.url(), PATIENT).toContain('at=1')
    // The keys of the path work here too.
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => selected(page), PATIENT).toBe('2')
    await page.getByRole('button', { name: 'step 5' }).click()
    await expect.poll(() => selected(page), PATIENT).toBe('5')
  })

  it('compares the state with that of another entry, and shows a variable in each row', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await openTrace(page, 'noFreeUnderDma')
    await page.getByLabel('compared with').selectOption({ label: '0 initial state' })
    // The block was free at first too.
    await expect
      .poll(() => page.locator('.now .changed').allTextContents(), PATIENT)
      .toEqual(['idledma', 'nonefile1', '01', 'block1', 'block1'])
    expect(await page.locator('tr.compared-row').getAttribute('data-entry')).toBe('0')
    await page.getByLabel('show in the timeline: owner').click()
    await expect.poll(() => page.locator('td.timeline').count(), PATIENT).toBe(6)
    expect(await page.locator('td.timeline .changed').allTextContents()).toEqual([
      '{ block1: file1, block2: free }',
      '{ block1: free, block2: free }',
    ])
    await page.locator('.timeline-menu summary').click()
    await page.getByRole('checkbox', { name: 'radix' }).check()
    await expect.poll(() => page.locator('th.timeline').count(), PATIENT).toBe(2)
    await page.getByRole('checkbox', { name: 'owner' }).uncheck()
    await expect.poll(() => page.locator('th.timeline').allTextContents(), PATIENT).toEqual(['radix ×'])
  })

  it('shows the value of a typed expression along the trace', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await openTrace(page, 'noFreeUnderDma')
    await page.locator('.timeline-menu summary').click()
    await page.getByLabel('An expression in the timeline').fill("owner.count((it) => it === 'free')")
    await page.keyboard.press('Enter')
    const cells = page.locator('td.timeline')
    await expect.poll(() => cells.allTextContents(), PATIENT).toEqual(['2', '1', '1', '1', '1', '2'])
    expect(await page.locator('td.timeline .changed').allTextContents()).toEqual(['1', '2'])
  })

  it('marks the cycle of a lasso, and where it meets fairness constraints', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=wait-allocated')
    await openTrace(page, 'truncateEnds')
    expect(await page.locator('tr.note').allTextContents()).toEqual([
      '↻ from here on, again and again',
      '⚑ fair: truncate(file2), user(user2) never enabled',
      '⚑ fair: truncate(file1) not enabled here',
      '⚑ fair: user(user1) taken',
      '↺ and again from 4, forever',
    ])
    expect(await page.locator('tr.in-loop[data-entry]').count()).toBe(2)
  })

  it('saves the trace as ITF, Mermaid and HTML', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'design=none')
    await openTrace(page, 'noFreeUnderDma')
    for (const [name, file, start] of [
      ['Save in the Informal', 'truncate-dma.noFreeUnderDma.itf.json', '{'],
      ['Save as a Mermaid', 'truncate-dma.noFreeUnderDma.mmd', '---'],
      ['Save as a page', 'truncate-dma.noFreeUnderDma.html', '<!doctype html>'],
    ] as const) {
      const begun = page.waitForEvent('download')
      await page.getByRole('button', { name }).click()
      const download = await begun
      expect(download.suggestedFilename()).toBe(file)
      expect(readFileSync(await download.path(), 'utf8').startsWith(start)).toBe(true)
    }
  })

  itInAll('shows a path that decides nothing, and what its states decide', async () => {
    const page = await open('specs/classic/two-phase-commit.ts')
    await page.getByRole('button', { name: '20 steps' }).click()
    await expect.poll(async () => (await namesOfPath(page)).length, PATIENT).toBeGreaterThan(3)
    await page.keyboard.press('2')
    await page.waitForSelector('.trace-table')
    expect(await page.locator('.trace-bar h2').textContent()).toMatch(/^a path of \d+ steps$/)
    expect(await page.locator('.ending').count()).toBe(0)
  })

  itInAll('shows where philosophers rest forever', async () => {
    const page = await open('specs/classic/dining-philosophers.ts', '-c', 'fair=weak', '-c', 'philosophers=2')
    await openTrace(page, 'everyoneEats')
    expect(await page.locator('tr.note.begin').textContent()).toContain('nothing more happens')
    const rows = await page.locator('tr[data-entry]').count()
    expect(await selected(page)).toBe(String(rows - 1))
  })

  itInAll('moves through 200 steps without delay, and keeps the names of the lanes in sight', async () => {
    const page = await open('specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=9')
    const path = Array.from({ length: 200 }, () => 'stutter')
    await page.goto(`${page.url().split('#')[0]!}#view=trace&s=init&${path.map((name) => `s=${name}`).join('&')}`)
    await page.reload()
    await page.waitForSelector('tr[data-entry="200"][aria-selected=true]')
    const begun = Date.now()
    for (let step = 0; step < 50; step++) await page.keyboard.press('ArrowUp')
    await page.waitForSelector('tr[data-entry="150"][aria-selected=true]')
    expect(Date.now() - begun).toBeLessThan(10_000)
    const row = await page.locator('tr[data-entry="150"]').boundingBox()
    const head = await page.locator('.trace-table thead').boundingBox()
    expect(row!.y).toBeGreaterThanOrEqual(head!.y + head!.height - 1)
  })

  itInAll('does not scroll sideways as a whole', async () => {
    const page = await open(join(ROOT, 'specs/truncate-dma.ts'), '-c', 'design=none')
    await openTrace(page, 'noFreeUnderDma')
    for (const width of [1280, 1024, 800]) {
      await page.setViewportSize({ width, height: 720 })
      expect(await page.evaluate(() => (globalThis as any).document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      )
    }
  })
})
