/** The matrices in docs/dax.md are what `kripke compare` prints. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renewed, withoutTimes } from '../../scripts/verdict-blocks.ts'
import { kripke, ROOT } from '../cli/kripke.ts'
import { itInAll } from '../support/amount.ts'

describe('docs/dax.md', () => {
  itInAll('has the verdicts that are printed; else: npm run verdicts', { timeout: 180_000 }, async () => {
    const page = readFileSync(join(ROOT, 'docs/dax.md'), 'utf8')
    const { text, stale } = await renewed(page, async (args) => (await kripke(args)).stdout)
    expect(stale).toEqual([])
    expect(text).toBe(page)
    expect(page).toMatch(/<!-- verdicts: .* -->/)
  })
})

describe('the matrices of a page', () => {
  const printed = [
    'spec',
    '',
    'design  safe   distinct  seconds',
    'a       holds       331     0.05',
    '',
    'design  cost',
  ]
  const print = async (args: readonly string[]): Promise<string> => `${[args.join(' '), ...printed].join('\n')}\n`
  const block = [
    '',
    '```text',
    '$ npx kripke compare s.ts --vary a',
    'compare s.ts --vary a',
    ...withoutTimes(printed),
    '```',
    '',
  ]

  it('have no times', () => {
    expect(withoutTimes(printed)).toEqual([
      'spec',
      '',
      'design  safe   distinct',
      'a       holds       331',
      '',
      'design  cost',
    ])
    expect(withoutTimes(['error'])).toEqual(['error'])
  })

  it('are put where they are asked for, and left where they are right', async () => {
    const page = [
      'before',
      '<!-- verdicts: s.ts: npx kripke compare s.ts --vary a -->',
      'between',
      '<!-- verdicts: s.ts --vary a -->',
      'old',
      '<!-- /verdicts -->',
    ]
    const first = await renewed(page.join('\n'), print)
    const filled = ['<!-- verdicts: s.ts --vary a -->', ...block, '<!-- /verdicts -->']
    expect(first.text.split('\n')).toEqual(['before', ...filled, 'between', ...filled])
    expect(first.stale).toEqual(['s.ts --vary a', 's.ts --vary a'])
    expect(await renewed(first.text, print)).toEqual({ text: first.text, stale: [] })
  })
})
