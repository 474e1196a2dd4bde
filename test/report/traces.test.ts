/** Traces as diagrams and pages. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { check, type AnySpec, type CheckOptions, type Trace } from '../../src/index.ts'
import { differenceText } from '../../src/report/differences.ts'
import { lanesOf } from '../../src/report/lanes.ts'
import { traceViewDocument } from '../../src/report/json/trace-view.ts'
import { traceHtml, type TracePageDocument } from '../../src/report/trace-html.ts'
import { traceMermaid } from '../../src/report/trace-mermaid.ts'
import { VERSION } from '../../src/report/version.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import counter from '../cli/specs/counter.ts'

const found = async (spec: AnySpec, options?: CheckOptions): Promise<Trace> => (await check(spec, options)).traces[0]!

/** Every line of a sequence diagram must be one of these. */
const SYNTAX =
  /^(sequenceDiagram| {2}(loop [^#;]+|end|participant (p\d+|s) as [^#;]+|p\d+--?>>(p\d+|s): \S.*|Note over (p\d+|s)(,s)?: \S.*))$/

describe('lanes', () => {
  it('are the instances of threads that act, in the order of the schema, then who else acts', async () => {
    const { lanes, idle, counters } = lanesOf(await found(truncateDma))
    expect(lanes.map(({ name, start }) => [name, start])).toEqual([
      ['truncate(file1)', 'idle'],
      ['user1', 'idle'],
      ['file1', undefined],
    ])
    expect(idle).toEqual(['truncate(file2) at idle', 'user2 at idle'])
    expect([...counters]).toEqual(['user', 'truncate'])
  })

  it('have steps with what they bind, how they move program counters, and what else they change', async () => {
    const { steps } = lanesOf(await found(truncateDma))
    expect(steps.map(({ lane, label, bindings }) => [lane, label, bindings])).toEqual([
      [undefined, '', ''],
      [2, 'alloc', 'block1'],
      [1, 'gupStart', 'block1, target=none, want=1'],
      [0, 'truncLock', ''],
      [0, 'truncCheck', ''],
      [0, 'truncFree', ''],
    ])
    expect(steps[5]!.moves).toEqual([{ lane: 0, from: 'freeing', to: 'idle' }])
    expect(steps[5]!.changes.map((change) => differenceText(change))).toEqual([
      'owner[block1] file1 → free',
      'gup[user1].stale +block1',
    ])
  })

  it('are actions where nothing is bound, and one if there are many', async () => {
    const trace = await found(dieHard)
    expect(lanesOf(trace).lanes.map(({ name }) => name)).toEqual(['fillBig', 'bigToSmall', 'emptySmall'])
    const many = [...Array(12).keys()].map((index) => ({ ...trace.steps[1]!, action: `a${index}` }))
    const { lanes, steps } = lanesOf({ ...trace, steps: [trace.steps[0]!, ...many] })
    expect(lanes).toHaveLength(1)
    expect(steps.map(({ label }) => label)).toEqual(['', ...many.map(({ action }) => action)])
  })

  it('show a program counter that another thread moves', async () => {
    const trace = await found(truncateDma)
    const last = trace.steps.at(-1)!
    const changes = [...last.changes, { path: 'user[user1]', from: 'dma', to: 'idle' }]
    const { steps } = lanesOf({ ...trace, steps: [...trace.steps.slice(0, -1), { ...last, changes }] })
    expect(steps.at(-1)!.moves).toContainEqual({ lane: 1, from: 'dma', to: 'idle' })
    expect(steps.at(-1)!.changes).toHaveLength(2)
  })
})

describe('a sequence diagram', () => {
  it('has a note for each step in its lane, and one for what it writes', async () => {
    const diagram = traceMermaid(await found(truncateDma), 'truncate-dma')
    expect(diagram.split('\n').slice(0, 3)).toEqual([
      '---',
      'title: "truncate-dma: invariant noFreeUnderDma(user1, block1) is violated in 5 steps"',
      '---',
    ])
    expect(diagram.match(/participant .*/g)).toEqual([
      'participant p1 as truncate(file1)',
      'participant p2 as user1',
      'participant p3 as file1',
      'participant s as state',
    ])
    expect(diagram.match(/over p\d: \d \w+/g)).toEqual([
      'over p3: 1 alloc',
      'over p2: 2 gupStart',
      'over p1: 3 truncLock',
      'over p1: 4 truncCheck',
      'over p1: 5 truncFree',
    ])
    expect(diagram.match(/p\d->>.*/g)).toEqual(['p3->>s: 1', 'p2->>s: 2', 'p1->>s: 5'])
    expect(diagram).toContain('Note over s: owner[block1] file1 → free<br/>gup[user1].stale +block1\n')
    for (const line of diagram.trimEnd().split('\n').slice(3)) expect(line).toMatch(SYNTAX)
  })

  it('leaves no sign of syntax in texts', async () => {
    const trace = await found(dieHard)
    const steps = trace.steps.map((step) => ({ ...step, action: `${step.action};<b>#"&` }))
    const odd = traceMermaid({ ...trace, steps, property: 'a;b#c' }, 'die-hard')
    for (const line of odd.trimEnd().split('\n').slice(4)) {
      expect(line.replaceAll(/#\d+;|<br\/>/g, '')).not.toMatch(/[;#"&<]/)
    }
  })

  it('draws a lasso as a loop, and says how it is fair', async () => {
    const only = { properties: ['truncateEnds'], constants: { design: 'wait-allocated' } }
    const lines = traceMermaid(await found(truncateDma, only), 'truncate-dma')
      .trimEnd()
      .split('\n')
    const begin = lines.findIndex((line) => line.startsWith('  loop '))
    const end = lines.indexOf('  end')
    const stepsIn = (text: readonly string[]): number => text.filter((line) => /over p\d: \d/.test(line)).length
    expect([stepsIn(lines.slice(0, begin)), stepsIn(lines.slice(begin, end)), stepsIn(lines.slice(end))]).toEqual([
      4, 2, 0,
    ])
    expect(lines.filter((line) => line.includes('⚑'))).toHaveLength(3)
    for (const line of lines.slice(3)) expect(line).toMatch(SYNTAX)
  })

  it('has no loop for a behavior that comes to rest', async () => {
    const trace = await found(truncateDma)
    const last = { ...trace.steps.at(-1)!, action: 'stutter', bindings: {}, thread: undefined, changes: [] }
    const diagram = traceMermaid({ ...trace, steps: [...trace.steps, last], loop: 5 }, 'truncate-dma')
    expect(diagram).not.toMatch(/^ {2}(loop|end)/m)
    expect(diagram).toContain('Note over p1,s: ↻')
  })

  it('shows a trace without steps', async () => {
    const trace = await found(dieHard)
    const diagram = traceMermaid({ ...trace, steps: trace.steps.slice(0, 1) }, 'die-hard')
    expect(diagram.match(/participant .*/g)).toEqual(['participant s as state'])
    for (const line of diagram.trimEnd().split('\n').slice(3)) expect(line).toMatch(SYNTAX)
  })
})

describe('a page', () => {
  const about = { spec: 'x', constants: { most: 3 } }
  const pageOf = (...traces: readonly Trace[]): string =>
    traceHtml(
      traces.map((trace) => traceViewDocument(trace, about)),
      about,
    )
  /** What the page draws. */
  const dataOf = (page: string): TracePageDocument =>
    JSON.parse(/<script type="application\/json" id="traces">(.*?)<\/script>/s.exec(page)![1]!) as TracePageDocument

  it('has the traces in it, and loads nothing', async () => {
    const trace = await found(dieHard)
    const page = pageOf(trace)
    expect(dataOf(page)).toEqual({
      spec: 'x',
      constants: [['most', '3']],
      version: VERSION,
      traces: [traceViewDocument(trace, about)],
    })
    expect(page).not.toMatch(/\b(?:src|href)="(?!data:,")|@import|url\(|\bimport\b|\bfetch\(/)
    expect(page).toContain("default-src 'none'")
  })

  it('takes text for text', async () => {
    const trace = await found(counter, { constants: { fault: 'invariant' } })
    const steps = trace.steps.map((step) => ({ ...step, action: '</script><i>act {{title}}', note: '<!--' }))
    const page = pageOf({ ...trace, steps, property: '<b>&"' })
    expect(page).toContain('<title>x: &lt;b&gt;&amp;"</title>')
    expect(dataOf(page).traces[0]!.entries[1]!.name).toContain('</script><i>act {{title}}')
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    expect(page).not.toMatch(/<[bi]>act|<!--/)
  })

  it('allows its own script and style by their hashes', async () => {
    const page = pageOf(await found(dieHard))
    for (const [name, pattern] of [
      ['script-src', /<script type="module">(.*?)<\/script>/s],
      ['style-src', /<style>(.*?)<\/style>/s],
    ] as const) {
      const hash = createHash('sha256').update(pattern.exec(page)![1]!).digest('base64')
      expect(page).toContain(`${name} 'sha256-${hash}'`)
    }
  })

  it('does not have a trace if the check found nothing', () => {
    expect(dataOf(pageOf()).traces).toEqual([])
  })
})
