/**
 * Mutants of a compiled spec: its code with one small change.
 *
 * The changes are made to the JavaScript that the compiler gives, so a parser of JavaScript is enough. The source map of the code
 * leads back to the author's lines. Only what functions do is changed. The sizes of domains stay, and so do functions that
 * stand in claims. A probe of the code tells which other functions the system calls; see `probe.ts`.
 *
 * @see DeMillo, Lipton and Sayward, "Hints on Test Data Selection: Help for the Practicing Programmer", Computer 11(4), 1978
 */
import { parse } from 'acorn'
import { byPlace, type MutantKind, type MutantPlace } from '../../api/mutants/mutation.ts'
import { Places } from './places.ts'
import { probeOf, type Range } from './probe.ts'
import { childrenOf, isDisabled, isFunction, isInside, isNode, keyOf, nameOf, nodesIn, type Node } from './syntax.ts'

/** A change of the code, and where it is. */
export interface Mutant extends MutantPlace {
  /** The whole changed code. */
  readonly code: string
  /** The mark of the probe that is recorded before the changed code runs. Undefined if the change matters without running. */
  readonly mark: number | undefined
}

/** The mutants of a compiled spec, and the probe that tells which of them can differ from it. */
export interface Mutants {
  /** In the order of their places. */
  readonly mutants: readonly Mutant[]
  /** The code of the probe. */
  readonly probe: string
  /** The number of its marks. */
  readonly marks: number
}

/** A replacement of the code from `start` to `end`. */
interface Change {
  readonly kind: MutantKind
  readonly start: number
  readonly end: number
  readonly text: string
  /** The expression that is evaluated before the change has an effect. Undefined for a change of fairness. */
  readonly evaluated: Range | undefined
}

/** Parts of a definition that claim or show something. A change there does not change what the system does. */
const CLAIMS = new Set([
  'invariants',
  'transitions',
  'goals',
  'temporal',
  'refinements',
  'measures',
  'constraints',
  'assumptions',
  'alias',
  'view',
  'deadlock',
  'doc',
  'note',
])

/** Values of those parts that call functions when the spec is defined. Functions themselves are called later. */
const MAKES_CLAIMS = new Set(['ObjectExpression', 'ArrayExpression', 'CallExpression'])

/** Methods whose call is a write, or a change of a collection. Without it, the receiver stays. */
const WRITES = new Set([
  'set',
  'setIn',
  'update',
  'updateIn',
  'merge',
  'remove',
  'delete',
  'add',
  'push',
  'pop',
  'shift',
])

const STRICTER: { readonly [operator: string]: string } = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }

/** Finds the mutants of a compiled spec. */
export function mutantsOf(code: string, cwd: string): Mutants {
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module' }) as unknown as Node
  const finder = new Finder(code)
  finder.visit(tree, [])
  const places = new Places(code, cwd)
  const seen = new Set<string>()
  const marks = new Map<string, { readonly index: number; readonly range: Range }>()
  const markOf = (range: Range): number => {
    const key = `${range.start} ${range.end}`
    const mark = marks.get(key) ?? { index: marks.size, range }
    marks.set(key, mark)
    return mark.index
  }
  const mutants = finder.changes.flatMap((change): Mutant[] => {
    const { kind, start, end, text, evaluated } = change
    const place = places.at(start)
    const key = `${start} ${end} ${text}`
    if (place === undefined || seen.has(key) || code.slice(start, end) === text) return []
    seen.add(key)
    return [
      {
        ...place,
        kind,
        original: snippet(code.slice(start, end)),
        replacement: snippet(text),
        code: code.slice(0, start) + text + code.slice(end),
        mark: evaluated && markOf(evaluated),
      },
    ]
  })
  const ranges = [...marks.values()].map(({ range }) => range)
  return {
    mutants: mutants.sort(byPlace),
    probe: probeOf(code, ranges, finder.claims),
    marks: ranges.length,
  }
}

class Finder {
  readonly changes: Change[] = []
  /** Expressions outside functions that make claims. */
  readonly claims: Range[] = []
  readonly #code: string
  /** The labels of each thread and procedure. */
  readonly #labels: string[][] = []
  /** The nodes around the current one. */
  #above: readonly Node[] = []

  constructor(code: string) {
    this.#code = code
  }

  visit(node: Node, above: readonly Node[]): void {
    if (node.type === 'CallExpression' && ['thread', 'procedure'].includes(nameOf(node['callee']))) {
      this.#labels.push(
        nodesIn(node['arguments']).flatMap((it) => (typeof it['value'] === 'string' ? [it['value']] : [])),
      )
    }
    const property = node.type === 'Property' && above.at(-1)?.type === 'ObjectExpression' ? node : undefined
    if (property !== undefined && CLAIMS.has(keyOf(property)) && !isWritten(above)) {
      if (MAKES_CLAIMS.has((property['value'] as Node).type)) this.claims.push(property['value'] as Node)
      return
    }
    this.#above = above
    if (isInside(above)) this.#find(node)
    if (property !== undefined) {
      const value = property['value'] as Node
      if (keyOf(property) === 'guard' && isFunction(value)) this.#guard(value)
      if (keyOf(property) === 'fairness') this.#removeFairness(value)
      if (keyOf(property) === 'fair') this.#add('fairness', property, 'fair: void 0', null)
    }
    for (const child of childrenOf(node)) this.visit(child, [...above, node])
  }

  #find(node: Node): void {
    const { type } = node
    if (type === 'ConditionalExpression') this.#conditional(node)
    if (type === 'IfStatement') this.#statement(node)
    if (type === 'LogicalExpression' && node['operator'] !== '??') this.#logical(node)
    if (type === 'BinaryExpression') this.#binary(node)
    if (type === 'CallExpression') this.#call(node)
  }

  #conditional(node: Node): void {
    const [test, then, otherwise] = [node['test'], node['consequent'], node['alternate']] as [Node, Node, Node]
    const swapped = `${this.#of(test)} ? ${this.#of(otherwise)} : ${this.#of(then)}`
    this.#add('guard negated', node, `(${swapped})`)
    if (isDisabled(otherwise)) this.#add('guard dropped', node, `(${this.#of(then)})`)
    if (isDisabled(then)) this.#add('guard dropped', node, `(${this.#of(otherwise)})`)
  }

  #statement(node: Node): void {
    const [test, then] = [node['test'], node['consequent']] as [Node, Node]
    this.#add('guard negated', test, `!(${this.#of(test)})`)
    const [only, second] = then.type === 'BlockStatement' ? nodesIn(then['body']) : [then]
    const isExit =
      only?.type === 'ReturnStatement' &&
      second === undefined &&
      (!isNode(only['argument']) || isDisabled(only['argument']))
    if (isExit && !isNode(node['alternate'])) this.#add('guard dropped', node, ';', test)
  }

  #logical(node: Node): void {
    this.#add('guard dropped', node, `(${this.#of(node['right'])})`)
    this.#add('guard dropped', node, `(${this.#of(node['left'])})`)
  }

  #binary(node: Node): void {
    const [left, right] = [node['left'], node['right']] as [Node, Node]
    const operator = node['operator'] as string
    const stricter = STRICTER[operator]
    if (stricter !== undefined) this.#add('off by one', node, `(${this.#of(left)} ${stricter} ${this.#of(right)})`)
    const isOne = right.type === 'Literal' && right['value'] === 1
    if ((operator === '+' || operator === '-') && isOne) this.#add('off by one', node, `(${this.#of(left)})`)
  }

  #call(node: Node): void {
    const callee = node['callee'] as Node
    const given = nodesIn(node['arguments'])
    if (nameOf(callee) === 'goto') {
      const next = this.#nextLabel(given[0])
      if (next !== undefined) this.#add('another label', given[0]!, JSON.stringify(next))
    }
    if (callee.type !== 'MemberExpression' || callee['computed'] === true) return
    const method = nameOf(callee['property'])
    if (!WRITES.has(method)) return
    this.#add('write dropped', node, `(${this.#of(callee['object'])})`)
    const [written] = given
    if (method !== 'merge' || written?.type !== 'ObjectExpression') return
    const entries = nodesIn(written['properties'])
    for (const entry of entries.length > 1 ? entries : []) {
      const others = entries.filter((it) => it !== entry).map((it) => this.#of(it))
      this.#add('write dropped', written, `{ ${others.join(', ')} }`, node)
    }
  }

  /** The label after this one in a thread that has it. */
  #nextLabel(label: Node | undefined): string | undefined {
    const name = label?.['value']
    if (typeof name !== 'string') return undefined
    const all = this.#labels.find((it) => it.includes(name)) ?? []
    const next = all[(all.indexOf(name) + 1) % all.length]
    return next === name ? undefined : next
  }

  #guard(node: Node): void {
    const body = node['body'] as Node
    if (body.type === 'BlockStatement') return
    this.#add('guard dropped', body, 'true')
    this.#add('guard negated', body, `!(${this.#of(body)})`)
  }

  #removeFairness(value: Node): void {
    for (const entry of value.type === 'ObjectExpression' ? nodesIn(value['properties']) : []) {
      if (isNode(entry['value'])) this.#add('fairness', entry['value'], 'void 0', null)
    }
  }

  /** @param evaluated - an expression that is evaluated before the change has an effect; null if there is none */
  #add(kind: MutantKind, changed: Node, text: string, evaluated: Node | null = changed): void {
    const { start, end } = changed
    this.changes.push({ kind, start, end, text, evaluated: evaluated === null ? undefined : this.#markable(evaluated) })
  }

  /**
   * The expression to mark. That is the whole chain for a part of `a?.b.c()`, because parentheses inside would end the chain.
   */
  #markable(node: Node): Range {
    const own = this.#above.slice(this.#above.findLastIndex(isFunction) + 1)
    const { start, end } = own.find(({ type }) => type === 'ChainExpression') ?? node
    return { start, end }
  }

  #of(node: unknown): string {
    const { start, end } = node as Node
    return this.#code.slice(start, end)
  }
}

/** Whether an object is given to a method that writes it, as in `s.merge({ view: 1 })`. Its properties are variables then. */
function isWritten(above: readonly Node[]): boolean {
  const call = above.at(-2)
  const callee = call?.type === 'CallExpression' ? (call['callee'] as Node) : undefined
  return callee?.type === 'MemberExpression' && WRITES.has(nameOf(callee['property']))
}

/** Code in one line. */
function snippet(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim()
}
