/** The syntax tree of a compiled spec. */

/** A node of the syntax tree, as ESTree has it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** Whether a node is in a function that the model calls: not in the function that makes the model, but in one inside it or beside it. */
export function isInside(above: readonly Node[]): boolean {
  const index = above.findLastIndex(isFunction)
  const holder = above[index - 1]
  return index >= 0 && !(holder?.type === 'Property' && keyOf(holder) === 'model')
}

export function isFunction({ type }: Node): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration'
}

/** What an action returns if it is not enabled. */
export function isDisabled(node: Node): boolean {
  if (node.type === 'UnaryExpression') return node['operator'] === 'void'
  if (node.type === 'Identifier') return node['name'] === 'undefined'
  return node.type === 'Literal' && (node['value'] === null || node['value'] === false)
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

export function nodesIn(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

export function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => (isNode(value) ? [value] : nodesIn(value)))
}

export function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? (node['name'] as string) : ''
}

export function keyOf(property: Node): string {
  const key = property['key'] as Node
  return nameOf(key) || String(key['value'])
}
