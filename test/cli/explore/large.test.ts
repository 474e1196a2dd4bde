/** The explorer on a model of ten million states, and with long lists. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { toFragment, START } from '../../../src/cli/explore/place.ts'
import { action, mapOf, members, model, range, schema, spec } from '../../../src/index.ts'
import { ask, closeAll, openSpec } from './ask.ts'
import { describeInBrowser, PATIENT } from './browser.ts'

const folder = mkdtempSync(join(tmpdir(), 'kripke-large-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterAll(closeAll)

const Wheel = members('wheel', 7)
const Odometer = schema({ digits: mapOf(Wheel, range(0, 9)) })

/** Seven digits: 10 ** 7 states. */
const odometer = spec({
  name: 'odometer',
  model: () =>
    model(Odometer, {
      init: Odometer({}),
      actions: {
        turn: action({ wheel: Wheel }, (s, { wheel }) =>
          s.update('digits', (digits) => digits.set(wheel, (digits.get(wheel) + 1) % 10)),
        ),
      },
      invariants: { inRange: (s) => s.digits.every((digit) => digit < 10) },
    }),
})

it('answers with the steps of a state in less than 50 ms in a model of ten million states', async () => {
  const session = openSpec(odometer)
  const path = ['init']
  const times: number[] = []
  for (let step = 0; step < 40; step++) {
    path.push(`turn(wheel${1 + (step % 7)})`)
    const startedMs = performance.now()
    const { departure, steps } = await ask(session, 'position', { path })
    times.push(performance.now() - startedMs)
    expect(departure).toBeNull()
    expect(steps.enabled).toHaveLength(7)
  }
  // The median, because the machine may do other things.
  expect(times.sort((one, other) => one - other)[20]).toBeLessThan(50)
})

describeInBrowser('long lists', ({ start, visit, open }) => {
  it('have only what is in view in the page', async () => {
    const file = join(folder, 'jump.ts')
    writeFileSync(
      file,
      `import { action, model, range, schema, spec } from 'kripke'
       const State = schema({ x: range(0, 4999) })
       export default spec({ name: 'jump', model: () => model(State, {
         init: State({ x: 0 }), actions: { jump: action({ to: range(0, 4999) }, (s, { to }) => s.set('x', to)) } }) })`,
    )
    const page = await open(file)
    expect(await page.locator('.steps .count').textContent()).toBe('5000')
    const shown = page.locator('.steps li')
    await expect.poll(() => shown.count(), PATIENT).toBeGreaterThan(5)
    expect(await shown.count()).toBeLessThan(100)
    // Keys move the selection into view.
    for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowDown')
    await expect.poll(() => page.locator('.step.selected').isVisible(), PATIENT).toBe(true)
    // Rows get their height when they come into view, so the end of the list moves.
    const scrolled = async (): Promise<boolean> => {
      await page.locator('.steps').evaluate((list) => list.scrollTo(0, list.scrollHeight))
      return await page.getByRole('button', { name: 'jump(to=4999)' }).isVisible()
    }
    await expect.poll(scrolled, PATIENT).toBe(true)
    await page.getByRole('button', { name: 'jump(to=4999)' }).click()
    await expect.poll(() => page.locator('.state').textContent(), PATIENT).toContain('4999')
  })

  it('show the end of a path of 400 steps', async () => {
    const address = await start('specs/classic/die-hard.ts')
    const path = ['init', ...Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 'fillBig' : 'emptyBig'))]
    const page = await visit(`${address}#${toFragment({ ...START, path, at: 400 })}`)
    await page.locator('.path [aria-current=step]').getByText('400').waitFor(PATIENT)
    expect(await page.locator('.path li').count()).toBeLessThan(100)
    await page.keyboard.press('Home')
    await page.locator('.path [aria-current=step]').getByText('init').waitFor(PATIENT)
  })
})
