/** What tests read from a page that shows a trace. */
import type { Page } from 'playwright-core'

/** Opens the trace of a property by a click. */
export async function openTrace(page: Page, property: string): Promise<void> {
  await page.locator('button.property', { hasText: property }).click()
  await page.waitForSelector('.ending')
}

/** For each step the lane in which its box is, and the label of the box. */
export async function labelsByLane(page: Page): Promise<string[][]> {
  const names = await page.locator('thead .lane').allTextContents()
  const rows = await page.locator('tr.step-row').all()
  return Promise.all(
    rows.map(async (row) => {
      const lanes = await row.locator('td.lane').all()
      const boxes = await Promise.all(lanes.map((lane) => lane.locator('.box b').allTextContents()))
      const lane = boxes.findIndex(([label]) => label !== undefined)
      return [names[lane] ?? '', boxes[lane]?.[0] ?? '']
    }),
  )
}
