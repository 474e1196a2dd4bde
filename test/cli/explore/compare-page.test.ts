/** The page of the explorer: the comparison, and the form for constants. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { compare } from '../../../src/api/compare.ts'
import { itInAll } from '../../support/amount.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'

/** Several checks run one after another. */
const CHECKS = { timeout: 60_000 }

async function compared(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect.poll(() => page.locator('.progress').textContent(), CHECKS).toMatch(/All \d+ variants/)
}

const SIGNS: { readonly [result: string]: string } = { holds: '✓', reached: '✓', violated: '✗', unknown: '?' }

describeInBrowser('the comparison of the explorer', ({ open, problems }) => {
  it('has the verdicts of a comparison, and opens their traces', async () => {
    const page = await open('specs/classic/dining-philosophers.ts', '-c', 'philosophers=2', '-c', 'fair=weak')
    await compared(page)
    const { variants } = await compare(philosophers, {
      constants: { philosophers: 2, fair: 'weak' },
      vary: [{ constant: 'design' }],
    })
    const columns = (await page.locator('.matrix thead th').allInnerTexts()).map((text) => text.split('\n')[0])
    const rows = await page.locator('.matrix tbody tr').all()
    expect(rows).toHaveLength(variants.length)
    for (const [index, { varied, outcome }] of variants.entries()) {
      const cells = await rows[index]!.locator('th, td').allInnerTexts()
      expect(cells[0]).toBe(varied.design)
      for (const { name, result } of outcome!.properties) {
        expect(cells[columns.indexOf(name)]).toMatch(new RegExp(`^\\${SIGNS[result]!}`))
      }
    }
    expect(await page.locator('.matrix .is-current').count()).toBe(1)
    const bad = page.locator('.matrix tr:not(.is-current) button.cell-verdict.bad').first()
    const label = (await bad.getAttribute('aria-label'))!
    await bad.click()
    const [, property, design] = /^(\S+) with design=([\w-]+):/.exec(label)!
    await expect.poll(() => page.url(), PATIENT).toContain(`property=${property}`)
    expect(page.url()).toContain(`design%3D${design}`)
    await page.getByRole('button', { name: 'Walk', exact: true }).click()
    await expect.poll(async () => (await namesOfPath(page)).length, PATIENT).toBeGreaterThan(1)
    await expect.poll(() => page.locator(`button.property.bad`, { hasText: property! }).count(), PATIENT).toBe(1)
  })

  itInAll('varies the constants that are checked, and opens a variant', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'users=1', '-c', 'blocks=1')
    await compared(page)
    await page.locator('.vary').getByLabel('holdLock').check()
    await expect.poll(() => page.locator('.matrix tbody tr').count(), PATIENT).toBe(18)
    await page.locator('.vary').getByLabel('design').uncheck()
    await expect.poll(() => page.locator('.matrix tbody tr').count(), PATIENT).toBe(2)
    await page.getByRole('button', { name: 'Open holdLock=yes' }).click()
    await expect.poll(() => page.url(), PATIENT).toContain('holdLock%3Dyes')
    expect(problems).toEqual([])
  })

  itInAll('refuses too many variants, and says so', async () => {
    const page = await open('specs/truncate-dma.ts', '-c', 'users=1', '-c', 'blocks=1')
    await page.getByRole('button', { name: 'Compare', exact: true }).click()
    for (const name of ['files', 'pagesPerGup']) await page.locator('.vary').getByLabel(name).check()
    await expect.poll(() => page.locator('.compare .error').textContent(), PATIENT).toContain('at most 64 variants')
    await page.locator('.vary').getByLabel('files').uncheck()
    await expect.poll(() => page.locator('.matrix tbody tr').count(), PATIENT).toBe(54)
    problems.length = 0
  })
})
