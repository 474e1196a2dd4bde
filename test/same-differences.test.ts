/** The outputs that `npm run same` treats as equal, and those that it treats as different. */
import { describe, expect, it } from 'vitest'
import { differences, type Observed } from '../scripts/same-differences.ts'

const observed = (stdout: string, rest: Partial<Observed> = {}): Observed => ({
  ...{ args: ['check'], status: 0, stdout, stderr: '', files: new Map() },
  ...rest,
})

const pathsOf = (old: Observed, now: Observed): readonly string[] => differences(old, now).map(({ path }) => path)
const ofTexts = (old: string, now: string) => pathsOf(observed(old), observed(now))
const ofJson = (old: unknown, now: unknown) => ofTexts(`${JSON.stringify(old)}\n`, `${JSON.stringify(now)}\n`)

describe('npm run same: two builds print the same', () => {
  it('apart from measured figures', () => {
    expect(ofJson({ seconds: 1, peakMemoryBytes: 2 }, { seconds: 3, peakMemoryBytes: 4 })).toEqual([])
    expect(ofJson({ rows: [{ seconds: 1 }] }, { rows: [{ seconds: 2 }] })).toEqual([])
    expect(ofTexts('14 states, depth 7, 0.02 s, 110 calls', '14 states, depth 7, 1.30 s,\n110 calls')).toEqual([])
    expect(ofTexts('design  distinct  seconds\na  12  0.05', 'design  distinct  seconds\na  12  11.05')).toEqual([])
    const [one, other] = ['1.0', '1.2'].map((seconds) => ({
      error: { message: `action "a" has not returned after ${seconds} s` },
    }))
    expect(ofJson(one, other)).toEqual([])
  })

  it('apart from progress', () => {
    const result = '{"event":"result","verdict":"holds"}\n'
    expect(ofTexts(result, `{"event":"progress","states":5}\n${result}`)).toEqual([])
    expect(ofTexts(result, `{"event":"warning"}\n${result}`)).not.toEqual([])
  })

  it('apart from the order of errors and help if no command is given', () => {
    const help = (args: readonly string[], stderr: string): Observed => observed('', { args, stderr })
    expect(pathsOf(help([], 'error\nhelp'), help([], 'help\nerror'))).toEqual([])
    expect(pathsOf(help(['check'], 'error\nhelp'), help(['check'], 'help\nerror'))).toEqual(['stderr line 1'])
  })
})

describe('npm run same: two builds differ', () => {
  it('in the exit status, a stream or a file', () => {
    expect(pathsOf(observed(''), observed('', { status: 12 }))).toEqual(['status'])
    expect(ofTexts('a\nb', 'a\nc')).toEqual(['stdout line 2'])
    expect(ofTexts('a', 'a\nb')).toEqual(['stdout line 2'])
    const files = (text: string): Observed => observed('', { files: new Map([['t.txt', text]]) })
    expect(differences(files('a'), files('b'))).toHaveLength(1)
    expect(differences(files('a'), observed(''))).toHaveLength(1)
    // A time in a file is not a measured figure.
    expect(differences(files('0.02 s'), files('0.03 s'))).toHaveLength(1)
  })

  it('in a value, its type, its names or their order', () => {
    expect(ofJson({ states: { distinct: 5 } }, { states: { distinct: 6 } })).toEqual(['stdout result.states.distinct'])
    expect(ofJson({ seconds: 1 }, { seconds: null })).toEqual(['stdout result.seconds'])
    expect(ofJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toHaveLength(1)
    expect(ofJson({ a: [1] }, { a: [1, 2] })).toEqual(['stdout result.a.length'])
    expect(ofJson({ state: { seconds: 1 } }, { state: { seconds: 2 } })).toEqual(['stdout result.state.seconds'])
    expect(ofTexts('{"a":1}\n', '{\n  "a": 1\n}\n')).not.toEqual([])
  })
})
