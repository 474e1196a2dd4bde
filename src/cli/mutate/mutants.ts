/**
 * Mutants of a compiled spec: its code with one small change.
 *
 * The changes are made to the JavaScript that the compiler gives, so a parser of JavaScript is enough. The source map of the code
 * leads back to the author's lines. Only what functions do is changed. The sizes of domains stay, and so do functions that
 * stand in claims. A function outside the definition is changed, even if only claims call it.
 *
 * @see DeMillo, Lipton and Sayward, "Hints on Test Data Selection: Help for the Practicing Programmer", Computer 11(4), 1978
 */
import { SourceMap } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'acorn'
import type { MutantKind, MutantPlace } from '../../api/mutants/mutation.ts'

/** A change of the code, and where it is. */
export interface Mutant extends MutantPlace {
  /** The whole changed code. */
  readonly code: string
}

/** A node of the syntax tree, as ESTree has it. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** A replacement of the code from `start` to `end`. */
interface Change {
  readonly kind: MutantKind
  readonly start: number
  readonly end: number
  readonly text: string
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

/** The mutants of a compiled spec, in the order of their places. */
export function mutantsOf(code: string, cwd: string): Mutant[] {
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module' }) as unknown as Node
  const finder = new Finder(code)
  finder.visit(tree, [])
  const places = new Places(code, cwd)
  const seen = new Set<string>()
  const mutants = finder.changes.flatMap((change): Mutant[] => {
    const { kind, start, end, text } = change
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
      },
    ]
  })
  return mutants.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
}

class Finder {
  readonly changes: Change[] = []
  readonly #code: string
  /** The labels of each thread and procedure. */
  readonly #labels: string[][] = []

  constructor(code: string) {
    this.#code = code
  }

  visit(node: Node, above: readonly Node[]): void {
    if (node.type === 'CallExpression' && ['thread', 'procedure'].includes(nameOf(node['callee']))) {
      this.#labels.push(
        nodesIn(node['arguments']).flatMap((it) => (typeof it['value'] === 'string' ? [it['value']] : [])),
      )
    }
    if (node.type === 'Property' && CLAIMS.has(keyOf(node))) return
    if (isInside(above)) this.#find(node)
    if (node.type === 'Property') {
      const value = node['value'] as Node
      if (keyOf(node) === 'guard' && isFunction(value)) this.#guard(value)
      if (keyOf(node) === 'fairness') this.#removeFairness(value)
      if (keyOf(node) === 'fair') this.#add('fairness', node, 'fair: void 0')
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
    if (isExit && !isNode(node['alternate'])) this.#add('guard dropped', node, ';')
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
      this.#add('write dropped', written, `{ ${others.join(', ')} }`)
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
      if (isNode(entry['value'])) this.#add('fairness', entry['value'], 'void 0')
    }
  }

  #add(kind: MutantKind, { start, end }: Node, text: string): void {
    this.changes.push({ kind, start, end, text })
  }

  #of(node: unknown): string {
    const { start, end } = node as Node
    return this.#code.slice(start, end)
  }
}

/** Leads from the code to the author's lines. */
class Places {
  readonly #map: SourceMap
  readonly #root: string
  readonly #cwd: string
  readonly #lines: number[]

  constructor(code: string, cwd: string) {
    const [, data = ''] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(code) ?? []
    const payload = JSON.parse(Buffer.from(data, 'base64').toString()) as ConstructorParameters<typeof SourceMap>[0]
    this.#map = new SourceMap(payload)
    this.#root = payload.sourceRoot
    this.#cwd = cwd
    this.#lines = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
  }

  /** Undefined for code of packages, and for code that the compiler added. */
  at(offset: number): Omit<MutantPlace, 'kind' | 'original' | 'replacement'> | undefined {
    const line = this.#lines.findLastIndex((start) => start <= offset)
    const entry = this.#map.findEntry(line, offset - this.#lines[line]!)
    if (!('originalSource' in entry)) return undefined
    const url = new URL(entry.originalSource, this.#root)
    if (url.protocol !== 'file:' || url.pathname.includes('/node_modules/')) return undefined
    const file = relative(this.#cwd, fileURLToPath(url))
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
}

/** Whether a node is in a function that the model calls: not in the function that makes the model, but in one inside it or beside it. */
function isInside(above: readonly Node[]): boolean {
  const index = above.findLastIndex(isFunction)
  const holder = above[index - 1]
  return index >= 0 && !(holder?.type === 'Property' && keyOf(holder) === 'model')
}

function isFunction({ type }: Node): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration'
}

/** What an action returns if it is not enabled. */
function isDisabled(node: Node): boolean {
  if (node.type === 'UnaryExpression') return node['operator'] === 'void'
  if (node.type === 'Identifier') return node['name'] === 'undefined'
  return node.type === 'Literal' && (node['value'] === null || node['value'] === false)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

function nodesIn(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : nodesIn(value)))
}

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : ''
}

function keyOf(property: Node): string {
  const key = property['key'] as Node
  return nameOf(key) || String(key['value'])
}

/** Code in one line. */
function snippet(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim()
}
