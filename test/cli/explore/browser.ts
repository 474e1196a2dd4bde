/** Opens the explorer in a real browser: Debian's Chromium. Without it these tests are skipped. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import { ROOT } from '../kripke.ts'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Machines that run many tests are slow. */
export const PATIENT = { timeout: 20_000 }

/** The browser of a test file. */
export interface Explorer {
  /** What pages printed or threw. A test that expects a problem empties the list; other problems fail the test. */
  readonly problems: string[]
  /** Starts the command, and opens its page. */
  open(...args: readonly string[]): Promise<Page>
  /** Starts the command. @returns the address that it prints */
  start(...args: readonly string[]): Promise<string>
  /** Opens an address in a window of its own. */
  visit(address: string, options?: { readonly offline?: boolean }): Promise<Page>
}

/** Tests with a browser; skipped with one line if there is none. */
export function describeInBrowser(name: string, define: (explorer: Explorer) => void): void {
  const isInstalled = existsSync(CHROMIUM)
  if (!isInstalled) console.warn(`Tests are skipped, because ${CHROMIUM} is not installed: ${name}.`)
  // oxlint-disable-next-line vitest/valid-title -- each caller names its tests
  describe.skipIf(!isInstalled)(name, () => {
    let browser: Browser
    const children: ChildProcess[] = []
    const problems: string[] = []

    beforeAll(async () => {
      // The sandbox of Chromium does not work for root.
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    })
    afterAll(() => browser?.close())
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close()
      for (const child of children.splice(0)) {
        if (child.exitCode !== null) continue
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGINT')
        const status = await ended
        if (status !== 0) problems.push(`the command ended with ${String(status)}`)
      }
      if (problems.length > 0) throw new Error(problems.splice(0).join('\n'))
    })

    async function start(...args: readonly string[]): Promise<string> {
      const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'explore', ...args, '--port', '0'], {
        cwd: ROOT,
      })
      children.push(child)
      return await new Promise<string>((resolve, reject) => {
        let text = ''
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          const [found] = /http:\S+/.exec(text) ?? []
          if (found !== undefined) resolve(found)
        })
        child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
        child.on('exit', () => reject(new Error(`the command ended: ${text}`)))
      })
    }

    async function visit(address: string, options: { readonly offline?: boolean } = {}): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options })
      const page = await context.newPage()
      page.on('console', (message) => problems.push(message.text()))
      page.on('pageerror', (error) => problems.push(String(error)))
      await page.goto(address)
      return page
    }

    async function open(...args: readonly string[]): Promise<Page> {
      const page = await visit(await start(...args))
      await page.waitForSelector('main')
      return page
    }

    define({ problems, open, start, visit })
  })
}

/** The names of the path, as the walk view lists them. */
export function namesOfPath(page: Page): Promise<string[]> {
  return page.locator('.path .entry-button .call').allTextContents()
}
