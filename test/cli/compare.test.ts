import { describe, expect, it } from 'vitest'
import { kripke, kripkeJson } from './kripke.ts'

const COUNTER = 'test/cli/specs/counter.ts'
const timeless = (text: string): string => text.replaceAll(/ +\d+\.\d+$/gm, ' 0.00')

describe('kripke compare', () => {
  it('prints the matrix of the truncate designs', async () => {
    const properties = 'noFreeUnderDma,noReallocUnderDma,noWaitCycle,noUnexpectedFailure,deadlock'
    const options = ['--vary', 'design', '--property', properties]
    const { status, stdout } = await kripke(['compare', 'specs/truncate-dma.ts', ...options])
    expect(status).toBe(11)
    const [, matrix] = timeless(stdout).split('\n\n')
    expect(matrix!.trimEnd().split('\n')).toEqual([
      'design             noFreeUnderDma      noReallocUnderDma   noWaitCycle         noUnexpectedFailure  deadlock            distinct  seconds',
      'none               violated (5 steps)  violated (6 steps)  holds               holds                holds                    249 0.00',
      'fail               holds               holds               holds               violated (4 steps)   holds                     38 0.00',
      'wait-layout        holds               holds               violated (2 steps)  holds                violated (6 steps)       373 0.00',
      'wait-allocated     holds               holds               holds               holds                holds                    544 0.00',
      'wait-allocated-v3  holds               holds               violated (2 steps)  holds                violated (6 steps)       373 0.00',
      'sequester          holds               holds               holds               holds                holds                     55 0.00',
      'extent-busy        holds               holds               holds               holds                holds                     55 0.00',
      'busy-page          holds               holds               holds               holds                holds                  5,638 0.00',
      'disable-dax        holds               holds               holds               holds                holds                     70 0.00',
    ])
  })

  it('varies several constants, over the values named, in all combinations', async () => {
    const { document } = await kripkeJson(['compare', COUNTER, '--vary', 'most=1,2', '--vary', 'fault=none,invariant'])
    expect(document.vary).toEqual(['most', 'fault'])
    const rows = document.variants.map(({ constants, verdict }: any) => [constants.most, constants.fault, verdict])
    expect(rows).toEqual([
      [1, 'none', 'holds'],
      [1, 'invariant', 'holds'],
      [2, 'none', 'holds'],
      [2, 'invariant', 'violated'],
    ])
  })

  it('prints { vary, variants } with --json, a check document for each', async () => {
    const { status, document } = await kripkeJson(['compare', COUNTER, '--vary', 'fault=none,transition'])
    expect(status).toBe(13)
    expect(document).toMatchObject({ vary: 'fault', variants: [{ verdict: 'holds' }, { verdict: 'violated' }] })
    expect(Object.keys(document.variants[0])).toEqual(Object.keys((await kripkeJson(['check', COUNTER])).document))
  })

  it('goes on past a variant that fails or makes no sense, and says why', async () => {
    const { status, stdout } = await kripke(['compare', COUNTER, '-c', 'most=1', '--vary', 'fault=deadlock,throw,none'])
    expect(status).toBe(10)
    expect(stdout).toMatch(/^deadlock +KR104/m)
    expect(stdout).toMatch(/^fault=deadlock: KR104 the assumption/m)
    const failing = await kripke(['compare', COUNTER, '--vary', 'fault=throw,none'])
    expect(failing.status).toBe(75)
    expect(failing.stdout).toMatch(/^fault=throw: KR503 action "up" threw/m)
    expect(failing.stdout).toMatch(/^none +holds/m)
  })

  it.each([
    ['KR104', COUNTER, 'fault', 'deadlock', ['-c', 'most=1']],
    ['KR302', COUNTER, 'fault', 'domain', []],
    ['KR502', COUNTER, 'fault', 'clock', []],
    ['KR503', COUNTER, 'fault', 'throw', []],
    ['KR508', 'test/cli/specs/asymmetric.ts', 'single', 'second', []],
  ])('says of %s what check says: place, values and hint', async (code, path, name, value, given) => {
    const { stderr } = await kripke(['check', path, ...given, '-c', `${name}=${value}`])
    const said = stderr.slice(stderr.indexOf(`error ${code}: `) + `error ${code}: `.length).trimEnd()
    expect(said.split('\n').length).toBeGreaterThan(1)
    const args = ['compare', path, ...given, '--vary', `${name}=${value}`]
    expect((await kripke(args)).stdout).toContain(`\n\n${name}=${value}: ${code} ${said}\n`)
    const alone = await kripkeJson(['check', path, ...given, '-c', `${name}=${value}`])
    const { document } = await kripkeJson(args)
    expect(document.variants[0]).toEqual({ ...alone.document, constants: { [name]: value } })
    expect(document.variants[0].error.code).toBe(code)
  })

  it('shows the state of a broken symmetry, and how to repair it', async () => {
    const { stdout } = await kripke(['compare', 'test/cli/specs/asymmetric.ts', '--vary', 'single'])
    expect(stdout).toMatch(
      /^single=second: KR508 invariant "notSecond".*\n {2}at .*\n {2}state +\{ leader: .*\n {2}hint: /m,
    )
  })

  it('shows with --traces how a function came to fail', async () => {
    const { stdout } = await kripke(['compare', COUNTER, '--vary', 'fault=none,throw', '--traces'])
    expect(stdout).toMatch(/^fault=throw\nup fails after 2 steps/m)
  })

  it('shows every counterexample below the matrix with --traces', async () => {
    const { stdout } = await kripke(['compare', COUNTER, '--vary', 'fault=none,invariant', '--traces'])
    expect(stdout).toMatch(/fault=invariant\n.*\bnotTwo\b.* 2 steps/)
    expect(stdout).toMatch(/npx kripke check test\/cli\/specs\/counter.ts -c fault=invariant --property notTwo/)
  })

  it('says of which variants a warning is, takes warnings for errors with --strict, and prints the matrix alone with --quiet', async () => {
    const args = ['compare', COUNTER, '--vary', 'fault=none,domain']
    const { stdout } = await kripke(args)
    expect(stdout).toMatch(/^warning: fault=none: constant "idle" /m)
    expect(stdout).toMatch(
      /^fault=domain: KR302 variable "n" .*\b10\b.*\n {2}at +test\/cli\/specs\/counter.ts:22:\d+$/m,
    )
    const strict = await kripke(['compare', COUNTER, '--vary', 'most=1,2', '--strict'])
    expect(strict.status).toBe(150)
    expect(strict.stdout).toMatch(/^warning: constant "idle" /m)
    const quiet = await kripke([...args, '--quiet'])
    expect(quiet.stdout.trimEnd().split('\n')).toHaveLength(3)
  })

  it('does not vary what is given, nor what is no constant (151)', async () => {
    for (const name of ['most', 'toString']) {
      expect((await kripke(['compare', COUNTER, '-c', 'most=1', '--vary', name])).status).toBe(151)
    }
  })

  it('says when a constant changes nothing', async () => {
    const { stdout } = await kripke(['compare', COUNTER, '--vary', 'idle'])
    expect(stdout).toMatch(/warning: constant "idle" .*every value/)
    const { stdout: other } = await kripke(['compare', COUNTER, '--vary', 'most=1,2'])
    expect(other).not.toContain('constant "most"')
  })

  it('needs something to vary, that exists, once (151)', async () => {
    for (const args of [
      [],
      ['--vary', 'desing'],
      ['--vary', 'most', '--vary', 'most=1'],
      ['--vary', 'most=12'],
      ['--vary', '=3'],
    ]) {
      expect((await kripke(['compare', COUNTER, ...args])).status, args.join(' ')).toBe(151)
    }
  })
})

describe('kripke info', () => {
  it('lists constants, variables with domains and slots, actions and properties', async () => {
    const { status, stdout } = await kripke(['info', 'specs/truncate-dma.ts', '-c', 'design=wait-layout'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/design +wait-layout +what truncate does about DMA +none \| fail \| wait-layout/)
    expect(stdout).toMatch(/owner +block → free \| lost \| busy \| file1 \| file2 +2 slots/)
    expect(stdout).toMatch(/truncResume\(file\) +2 instances +truncate at waiting/)
    expect(stdout).toMatch(/noFreeUnderDma\(user, block\) +invariant/)
    expect(stdout).toMatch(/28 slots, 48 bits, 2 words/)
  })

  it('prints them as a document with --json', async () => {
    const { status, document } = await kripkeJson(['info', COUNTER, '-c', 'most=5'])
    expect(status).toBe(0)
    expect(document).toMatchObject({
      spec: 'counter',
      constants: [{ name: 'most', values: '1..9', default: 3, value: 5 }, { name: 'fault' }, { name: 'idle' }],
      variables: [
        { name: 'n', domain: '0..9', slots: 1 },
        { name: 'light', domain: 'red | green', slots: 1 },
      ],
      actions: [
        { name: 'up', instances: 1 },
        { name: 'light.red', thread: 'light', label: 'red' },
      ],
      properties: [{ name: 'notTwo', conjuncts: ['always', 'unequal'] }, {}, {}, {}, { name: 'deadlock' }],
    })
  })
})
