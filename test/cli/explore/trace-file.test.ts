/** The page of `--trace html:file`, opened as a file without a network. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { itInAll } from '../../support/amount.ts'
import { kripke } from '../kripke.ts'
import { describeInBrowser, PATIENT } from './browser.ts'
import { labelsByLane } from './trace-page.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-page-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Checks a spec, and writes the page. @returns its path */
async function write(...args: readonly string[]): Promise<string> {
  const path = join(folder, 'trace.html')
  await kripke(['check', ...args, '--trace', `html:${path}`])
  return path
}

describeInBrowser('a trace as one file', ({ visit }) => {
  it('shows the trace without a network, and chooses among several', async () => {
    const path = await write('specs/truncate-dma.ts', '-c', 'design=none', '--continue')
    const page = await visit(pathToFileURL(path).href, { offline: true })
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    await page.reload()
    await page.waitForSelector('.ending')
    expect(requests).toEqual([pathToFileURL(path).href])
    expect(await page.title()).toBe('truncate-dma: noFreeUnderDma, noReallocUnderDma')
    expect((await labelsByLane(page)).at(-1)).toEqual(['truncate(file1)', 'truncFree'])
    expect(await page.locator('.ending').innerText()).toContain('owner[block1] = free')
    expect(await page.locator('.asides').innerText()).toContain('npx kripke check specs/truncate-dma.ts')
    await page.getByRole('button', { name: 'noReallocUnderDma' }).click()
    await expect.poll(() => page.locator('.trace-bar h2').textContent(), PATIENT).toContain('noReallocUnderDma')
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('tr[aria-selected=true] .number').textContent(), PATIENT).toBe('0')
  })

  itInAll('begins with a violation', async () => {
    const args = ['-c', 'fair=weak', '-c', 'philosophers=2', '--continue']
    const page = await visit(pathToFileURL(await write('specs/classic/dining-philosophers.ts', ...args)).href)
    await page.waitForSelector('.ending')
    expect(await page.locator('.ending.goal').count()).toBe(0)
  })

  itInAll('says that a check found nothing', async () => {
    const page = await visit(pathToFileURL(await write('specs/classic/two-phase-commit.ts')).href)
    expect(await page.locator('.none').textContent()).toContain('no counterexample')
  })

  itInAll('is small for the longest counterexamples of the bundled specs', async () => {
    for (const args of [
      ['specs/truncate-dma.ts', '-c', 'design=none', '--continue'],
      ['specs/seen-set.ts', '--continue'],
      ['specs/classic/die-hard.ts'],
      ['specs/classic/sliding-puzzle.ts'],
    ]) {
      expect(statSync(await write(...args)).size, args.join(' ')).toBeLessThan(500_000)
    }
  })
})
