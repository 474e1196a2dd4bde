/** Traces as diagrams and pages. */
import { describe, expect, it } from 'vitest'
import { check, type Trace } from '../../src/index.ts'
import { traceHtml } from '../../src/report/trace-html.ts'
import { traceMermaid } from '../../src/report/trace-mermaid.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import counter from '../cli/specs/counter.ts'

const found = async (...[spec, options]: Parameters<typeof check>): Promise<Trace> =>
  (await check(spec, options)).traces[0]!

/** Every line of a sequence diagram must be one of these. */
const SYNTAX =
  /^(sequenceDiagram| {2}(autonumber|loop forever|end|participant p\d+ as [^#;]+|p\d+->>p\d+: \S.*|Note over p\d+(,p\d+)?: \S.*))$/

describe('a sequence diagram', () => {
  it('has the instances of threads as participants, and a message for each step', async () => {
    const diagram = traceMermaid(await found(truncateDma), 'truncate-dma')
    expect(diagram.split('\n').slice(0, 3)).toEqual([
      '---',
      'title: "truncate-dma: invariant noFreeUnderDma(user1, block1) is violated in 5 steps"',
      '---',
    ])
    expect(diagram.match(/participant .*/g)).toEqual([
      'participant p1 as file1',
      'participant p2 as user(user1)',
      'participant p3 as truncate(file1)',
    ])
    // The last step takes a block from under the user.
    expect(diagram.match(/p\d->>.*/g)).toEqual([
      'p1->>p1: alloc(file1, block1)',
      'p2->>p2: gupStart(block1, target=none, want=1)',
      'p3->>p3: truncLock',
      'p3->>p3: truncCheck',
      'p3->>p2: truncFree',
    ])
    for (const line of diagram.trimEnd().split('\n').slice(3)) expect(line).toMatch(SYNTAX)
  })

  it('has the spec as participant where nobody acts, and leaves no sign of syntax in texts', async () => {
    const trace = await found(dieHard)
    expect(traceMermaid(trace, 'die-hard')).toContain('participant p1 as die-hard')
    const odd = traceMermaid({ ...trace, property: 'a;b#c' }, 'die-hard')
    expect(odd).toMatch(/Note over p1: a#59;b#35;c is violated/)
  })

  it('draws a lasso as a loop', async () => {
    const trace = { ...(await found(dieHard)), loop: 2 }
    const lines = traceMermaid(trace, 'die-hard').trimEnd().split('\n')
    const messages = (text: readonly string[]): number => text.filter((line) => line.includes('->>')).length
    expect(messages(lines.slice(0, lines.indexOf('  loop forever')))).toBe(2)
    expect(messages(lines.slice(lines.indexOf('  end')))).toBe(0)
    for (const line of lines.slice(3)) expect(line).toMatch(SYNTAX)
  })

  it('has no participant for a step in which nothing changes', async () => {
    const trace = await found(truncateDma)
    const last = { ...trace.steps.at(-1)!, action: 'stutter', bindings: {}, thread: undefined, changes: [] }
    const diagram = traceMermaid({ ...trace, steps: [...trace.steps, last], loop: 5 }, 'truncate-dma')
    expect(diagram).toContain('loop forever\n  Note over p1,p3: nothing changes\n  end\n')
    expect(diagram.match(/participant/g)).toHaveLength(3)
  })

  it('shows a trace without steps', async () => {
    const trace = await found(dieHard)
    expect(traceMermaid({ ...trace, steps: trace.steps.slice(0, 1) }, 'die-hard')).toContain(
      'participant p1 as die-hard',
    )
  })
})

describe('a page', () => {
  const about = { spec: 'x', constants: { most: 3 }, again: () => 'npx kripke check x.ts' }

  it('shows each step and what it changed, and loads nothing', async () => {
    const page = traceHtml([await found(dieHard)], about)
    expect(page.match(/<tr>/g)).toHaveLength(1 + 7)
    expect(page).toContain('<td class="new"><del>0</del> → <b>5</b></td>')
    expect(page).toContain('<code>big = 4</code>')
    expect(page).not.toMatch(/<script|<link|<img|url\(|https?:/)
    for (const [, tag] of page.matchAll(/<\/(\w+)>/g)) {
      expect(page.match(new RegExp(`<${tag}[ >]`, 'g')), tag).toHaveLength(
        page.match(new RegExp(`</${tag}>`, 'g'))!.length,
      )
    }
  })

  it('says at which step each fairness constraint is met', async () => {
    const only = { properties: ['truncateEnds'], constants: { design: 'wait-allocated' } }
    const page = traceHtml([await found(truncateDma, only)], about)
    const rows = page.split('\n').filter((line) => line.startsWith('<tr'))
    expect(rows.flatMap((row) => row.match(/⚑ fair: [^<]*/g)?.join('; ') ?? '')).toEqual([
      ...['', '', '', ''],
      '⚑ fair: truncate(file2), user(user2) never enabled; ⚑ fair: truncate(file1) not enabled here',
      '⚑ fair: user(user1) taken',
      '',
    ])
  })

  it('marks the loop of a lasso', async () => {
    const trace = { ...(await found(dieHard)), loop: 4 }
    const page = traceHtml([trace], about)
    expect(page.match(/<tr class="loop">/g)).toHaveLength(2)
    expect(page).toContain('it returns to where it was after step 4, forever')
    expect(traceHtml([{ ...trace, loop: 6 }], about)).toContain('Nothing changes any more')
  })

  it('takes text for text', async () => {
    const trace = await found(counter, { constants: { fault: 'invariant' } })
    const page = traceHtml([{ ...trace, property: '<b>&"' }], { ...about, constants: { a: '</p>' } })
    expect(page).toContain('&lt;b&gt;&amp;&quot;')
    expect(page).toContain('a=&lt;/p&gt;')
  })

  it('says so if there is no counterexample', () => {
    expect(traceHtml([], about)).toContain('There is no counterexample.')
  })
})
