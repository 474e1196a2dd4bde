/** The page of the explorer: the graph. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { itInAll } from '../../support/amount.ts'
import { describeInBrowser, namesOfPath, PATIENT } from './browser.ts'

async function openGraph(open: (...args: string[]) => Promise<Page>, ...args: string[]): Promise<Page> {
  const page = await open(...args)
  await page.getByRole('button', { name: 'Graph', exact: true }).click()
  await page.locator('.node.current').waitFor()
  return page
}

const TWO = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=2']

describeInBrowser('the graph of the explorer', ({ open, problems }) => {
  it('draws the states around the current one, and goes where a click says', async () => {
    const page = await openGraph(open, ...TWO)
    // By brute force: two steps from the initial state lead to 16 states.
    expect(await page.locator('.node').count()).toBe(16)
    expect(await page.locator('.edge.path').count()).toBe(0)
    await page.locator('.node', { hasText: 'rm[*]' }).locator('visible=true').first().waitFor()
    const far = page.locator('.node:not(.current)').last()
    const label = await far.getAttribute('aria-label')
    await page.getByRole('button', { name: 'Fit' }).click()
    await far.click()
    await expect.poll(() => page.locator('.edge.path').count(), PATIENT).toBe(2)
    expect(await page.locator('.node.current').getAttribute('aria-label')).toContain(label!.split(', ')[0])
    // From there on, a step to a state that is not on the path makes the path longer.
    await page.getByLabel('States', { exact: true }).selectOption('1 step around')
    await page.getByRole('button', { name: 'Fit' }).click()
    await page.locator('.node:not(.current):not(.on-path)').first().click()
    await expect.poll(() => page.locator('.edge.path').count(), PATIENT).toBe(3)
    // A state of the path is gone to, and the path stays.
    await page.getByRole('button', { name: 'Fit' }).click()
    await page.locator('.node.on-path', { has: page.locator('.initial') }).click()
    await expect.poll(() => page.locator('.node.current .initial').count(), PATIENT).toBe(1)
    await page.getByRole('button', { name: 'Walk', exact: true }).click()
    await expect.poll(() => namesOfPath(page), PATIENT).toHaveLength(4)
  })

  it('is moved through by keys', async () => {
    const page = await openGraph(open, ...TWO)
    await page.locator('.node.current').focus()
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.locator('.node:focus').count(), PATIENT).toBe(1)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.edge.path').count(), PATIENT).toBe(1)
    // Outside the drawing the arrow undoes.
    await page.getByRole('button', { name: 'Fit' }).focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => page.locator('.node.current.plain').count(), PATIENT).toBe(1)
    await expect.poll(() => page.locator('.status + * .count').first().textContent(), PATIENT).toBe('0')
  })

  it('draws the whole graph, colored by a property, and leads to a violation', async () => {
    const page = await openGraph(open, 'specs/classic/die-hard.ts')
    await page.getByLabel('States', { exact: true }).selectOption('whole')
    await expect.poll(() => page.locator('.node').count(), PATIENT).toBe(16)
    expect(await page.locator('.node.bad').count()).toBe(2)
    await page.getByLabel('Color by').selectOption('deadlock')
    await expect.poll(() => page.locator('.node.bad').count(), PATIENT).toBe(0)
    await page.getByLabel('Color by').selectOption('bigIsNotFour')
    await page.locator('.node.bad').first().focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.now .chip.bad').count(), PATIENT).toBe(1)
    // A shortest way to four gallons takes six steps.
    await expect.poll(() => page.locator('.edge.path').count(), PATIENT).toBe(6)
  })

  it('colors the nodes in which an expression is true', async () => {
    const page = await openGraph(open, 'specs/classic/die-hard.ts')
    await page.getByLabel('States', { exact: true }).selectOption('whole')
    await page.getByLabel('Color by').selectOption('an expression')
    await page.getByRole('textbox', { name: 'Expression' }).fill('small === 3 && big > 0')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.node.true').count(), PATIENT).toBe(5)
    await page.getByRole('textbox', { name: 'Expression' }).fill('(() => { for (;;); })()')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('.status .error').textContent(), PATIENT).toContain('within 1 s')
    problems.length = 0
  })

  it('waits for a layout during which the colors change', async () => {
    const page = await openGraph(open, 'specs/classic/die-hard.ts')
    let goOn = (): void => undefined
    const ended = new Promise<void>((resolve) => (goOn = resolve))
    await page.route('**/layout.js', async (route) => {
      await ended
      await route.continue()
    })
    const answers = (): Promise<unknown> => page.waitForResponse((response) => response.url().endsWith('/graph'))
    const whole = answers()
    await page.getByLabel('States', { exact: true }).selectOption('whole')
    await whole
    await page.getByLabel('Color by').selectOption('an expression')
    const colored = answers()
    await page.getByRole('textbox', { name: 'Expression' }).fill('small === 3 && big > 0')
    await page.keyboard.press('Enter')
    await colored
    goOn()
    await expect.poll(() => page.locator('.node.true').count(), PATIENT).toBe(5)
  })

  itInAll('says that a whole graph is too large, and merges states', async () => {
    const page = await openGraph(open, 'specs/truncate-dma.ts', '-c', 'design=none')
    await page.getByLabel('States', { exact: true }).selectOption('whole')
    await expect.poll(() => page.locator('.refusal').textContent(), PATIENT).toContain('at most 300 nodes')
    await page.getByText('Merge states', { exact: true }).click()
    await page.getByLabel('owner', { exact: true }).check()
    await expect.poll(() => page.locator('.node').count(), PATIENT).toBe(9)
    expect(await page.locator('.graph-controls .summary').textContent()).toContain('1633 states in 9 nodes')
    problems.length = 0
  })
})
