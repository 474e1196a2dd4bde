import { is } from 'immutable'
import { describe, expect, it } from 'vitest'
import { exists, members } from '../../src/index.ts'
import { onlyAnswers } from '../../src/spec/predicate-text.ts'

/** A function with this text. */
function withText(text: string): object {
  return (Function(`return (${text})`) as () => object)()
}

describe('onlyAnswers', () => {
  it.each([
    "(b) => s.at.get(b) === 'c' || (s.at.get(b) === 'd' && s.held.get(b) === 0)",
    'b => !(b.size >= 2) && typeof (b) !== "x"',
    'function (b) { return (b) }',
    'function isFree(b) { if (b) return 1; else return (2) }',
    '(b) => { const { x, y: z } = s.get(b); const w = x.has(z); return w }',
    '(b) => s.all.every((c) => c.list.some(d => d.x === b) && s.list.includes(c))',
    '(b) => is(s.at.get(b), c) && exists({ a: A, b: B }, ({ a, b }) => a < b)',
    '(b) => (0, lib.is)(b, c) || (0,lib_1.exists)(domains, (x) => x.a === b)',
    '(b) => Math.max(b, 2) > Number(c) + String(b).length && Boolean(b) && Number.isInteger(b)',
    '(b) => { for (const x of b.keys()) if (x > 2) return true; return false }',
    '(b) => s.numbers.max() > s.numbers.count()',
    '({ left }) => left?.right.get(2)?.has(3)',
  ])('holds for %s', (text) => {
    expect(onlyAnswers(withText(text))).toBe(true)
  })

  it.each([
    '(b) => visit(b)',
    '(b) => s.at.get(visit(b))',
    '(b) => helper.visit(b)',
    '(b) => visit?.(b)',
    '(b) => helper.get?.(b)',
    '(b) => helper["visit"](b)',
    '(b) => (visit)(b)',
    '(b) => (0, visit)(b)',
    '(b) => (0, helper.visit)(b)',
    '(b) => (0, helper.has)(b)',
    '(b) => visit`${b}`',
    '(b) => helper.visit `b`',
    '(b) => visit\n(b)',
    '(b) => visit /* */ (b)',
    '(b) => visit // if\n(b)',
    '(b) => new Visit(b)',
    '(b) => new Visit',
    '(b) => s.list.some(visit)',
    '(b) => s.list.every(b.visit)',
    '(b) => exists({ a: A }, visit)',
    '(b) => exists(domains, visit)',
    '(b) => exists(domains, (visit))',
    '(b) => Block.reduce(visit, b)',
    '(b) => { last = b }',
    '(b) => (count += 1) > 0',
    '(b) => (known[b] ??= s.at.get(b)) === 1',
    '(b) => count++ > 0',
    '(b) => --count > 0',
    '(b) => { [last] = [b] }',
    '(b) => { for (last of b) if (last) return true }',
    '(b) => { for (const x of visit(b)) { last = x } }',
    '(b) => { for (const x of b) last = x }',
    '(b) => { let [x = visit(b)] = [] ; return x }',
    '(b, c = visit(b)) => c',
    '(b) => delete all[b]',
    '(b) => all.push(b) > 0',
    '(b) => all.add(b)',
    '(b) => all.set(b, 1)',
    '(b) => all.next().done',
    '(b) => /b/g.test(b)',
    'function* (b) { yield b }',
    'async (b) => b',
    '(b) => eval("visit(b)")',
    '(b) => import("visit")',
    '(b) => ({ get x() { return b } }).x',
    'visit.bind(null)',
  ])('does not hold for %s', (text) => {
    const visit = (): void => undefined
    const found = text.startsWith('visit.') ? visit.bind(null) : withText(text)
    expect(onlyAnswers(found)).toBe(false)
  })

  it('holds for predicates as a build leaves them', () => {
    const Item = members('item', 2)
    expect(onlyAnswers((item: string) => is(item, 'item1'))).toBe(true)
    expect(onlyAnswers((one: string) => exists({ item: Item }, ({ item }) => item === one))).toBe(true)
  })
})
