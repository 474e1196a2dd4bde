/** Files of traces: whatever properties are called, each trace has a file of its own. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { identityOf, TraceNames } from '../../src/cli/commands/trace-names.ts'
import { kripke } from './kripke.ts'
import { runs } from '../support/amount.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'kripke-names-'))))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the file for a trace', () => {
  it('has the name of its property before its endings', () => {
    const names = new TraceNames(['t.itf.json'])
    expect(names.beside('traces/t.itf.json', 'noReuse')).toBe('traces/t.noReuse.itf.json')
    expect(names.beside('t.mmd', 'a b/c')).toBe('t.a_b_c.mmd')
    expect(names.beside('t', 'état')).toBe('t.état')
    expect(names.beside('t.mmd', '状态')).toBe('t.状态.mmd')
    expect(names.beside('t.mmd', '../up')).toBe('t.___up.mmd')
  })

  it('is another one where names are equal, but for case, signs, or how letters are written', () => {
    const names = new TraceNames([])
    const all = ['!!', '??', 'a b', 'a_b', 'A_B', 'e\u0301', '\u00E9', 'a_b', '🙂', '🙁'].map((it) =>
      names.beside('t.mmd', it),
    )
    expect([all[0], all[2], all[5]]).toEqual(['t.__.mmd', 't.a_b.mmd', 't.\u00E9.mmd'])
    expect(new Set(all.map((it) => it.normalize('NFC').toLowerCase())).size).toBe(all.length)
  })

  it('is never one that was asked for, nor the spec', () => {
    const names = new TraceNames(['t.mmd', 't.one.mmd', 't.TWO.mmd'])
    expect(names.beside('t.mmd', 'one')).toMatch(/^t\.one-[0-9a-f]{8}\.mmd$/)
    expect(names.beside('t.mmd', 'two')).toMatch(/^t\.two-[0-9a-f]{8}\.mmd$/)
  })

  it('has a name that file systems take, however long that of the property', () => {
    const names = new TraceNames([])
    const all = ['x'.repeat(500), `${'x'.repeat(500)}y`, '状'.repeat(300)].map((it) => names.beside('t.itf.json', it))
    expect(new Set(all).size).toBe(3)
    for (const path of all) {
      expect(Buffer.byteLength(path)).toBeLessThan(230)
      writeFileSync(join(folder, path), '')
    }
  })

  it('is found for any names', () => {
    const anything = fc.uniqueArray(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 2 })), {
      maxLength: 30,
    })
    const property = fc.property(anything, fc.constantFrom('t.itf.json', 'x/t.mmd', 't'), (properties, path) => {
      const names = new TraceNames([path])
      const all = [path, ...properties.map((it) => names.beside(path, it))]
      expect(new Set(all.map(identityOf)).size).toBe(all.length)
      for (const one of all) expect(basename(one)).not.toMatch(/[/\\:*?"<>|\0]/)
    })
    fc.assert(property, { numRuns: runs(300) })
  })
})

describe('kripke check --trace', () => {
  const SPEC = `
    import { model, range, schema, spec } from 'kripke'
    const S = schema({ x: range(0, 2) })
    const never = () => false
    export default spec({ name: 'names', model: () => model(S, { init: S(), deadlock: false, actions: { a: (s) => s },
      invariants: { 'état 🙂': never, '状态': never, '!!': never, '??': never, ok: never, OK: never } }) })`

  it('writes every trace to a file of its own', async () => {
    const path = join(folder, 'names.ts')
    writeFileSync(path, SPEC)
    const out = join(folder, 'out.mmd')
    const { status, stderr } = await kripke(['check', path, '--continue', '--trace', `mermaid:${out}`])
    expect([status, stderr]).toEqual([12, ''])
    const written = readdirSync(folder).filter((name) => name.startsWith('out'))
    expect(written).toHaveLength(6)
    expect(written).toEqual(expect.arrayContaining(['out.mmd', 'out.状态.mmd', 'out.__.mmd', 'out.ok.mmd']))
  })

  it('refuses one file for two traces, and the spec through a link (151)', async () => {
    const path = join(folder, 'spec.ts')
    writeFileSync(path, SPEC)
    symlinkSync(path, join(folder, 'link.ts'))
    const same = join(folder, 'same.txt')
    for (const files of [
      [`text:${same}`, `json:${folder}/../${basename(folder)}/same.txt`],
      [`text:${join(folder, 'link.ts')}`],
    ]) {
      const { status, stderr } = await kripke(['check', path, ...files.flatMap((file) => ['--trace', file])])
      expect([status, stderr]).toEqual([
        151,
        expect.stringMatching(/KR101: --trace (must name a file once|would overwrite)/),
      ])
    }
  })
})

describe('an option that contradicts itself', () => {
  const COUNTER = 'test/cli/specs/counter.ts'

  it.each<[string, readonly string[], RegExp]>([
    ['check', ['-c', 'most=1', '-c', 'most=2'], /constant "most" must be given once, but is given 1 and 2/],
    ['check', ['-c', 'most=1', '--constant', 'most=1'], /constant "most" must be given once/],
    ['info', ['-c', 'most=1', '-c', 'most=2'], /constant "most" must be given once/],
    ['compare', ['--vary', 'most=1', '--vary', 'most=2'], /--vary must name a constant once, but names "most" twice/],
    ['compare', ['--vary', 'most=1,2,1'], /"most".* 1 twice/],
    [
      'bench',
      ['--sweep', 'most=1', '--sweep', 'most=2..3'],
      /--sweep must name a constant once, but names "most" twice/,
    ],
  ])('is refused: %s %j', async (command, args, message) => {
    const { status, stderr } = await kripke([command, COUNTER, ...args])
    expect([status, stderr]).toEqual([151, expect.stringMatching(message)])
  })

  it('is not one that may be repeated: properties add up', async () => {
    const { stdout } = await kripke(['check', COUNTER, '--property', 'notTwo', '--property', 'full'])
    expect(stdout).toMatch(/notTwo/)
    expect(stdout).toMatch(/full/)
  })
})
