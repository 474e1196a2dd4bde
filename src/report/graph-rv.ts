/**
 * State graphs as deterministic automata for the kernel's runtime verification.
 *
 * The dialect is the one that rvgen (before: dot2k) reads: Documentation/trace/rv/deterministic_automata.rst, with examples in
 * tools/verification/models. Its parser works on lines and words, so the layout below matters.
 */
import { isMap, isRecord } from 'immutable'
import type { Graph, GraphNode, GraphStep } from '../api/graph.ts'
import { callText } from '../spec/bindings.ts'
import { notAnAutomaton } from '../errors.ts'
import { show } from './show.ts'

/** The graph as an automaton. @throws {CheckerError} KR110 if it is not a deterministic automaton that a monitor can follow */
export function graphRv(graph: Graph): string {
  const { nodes, isCut } = graph
  if (isCut) {
    throw notAnAutomaton(
      'the constraints of the spec leave out states, so a monitor would report steps to them',
      'use constants with which no step leaves the constraints',
    )
  }
  const taken = new Set(RESERVED)
  const names = stateNames(graph, taken)
  const initial = nodes.flatMap(({ initial: isInitial }, index) => (isInitial ? [names[index]!] : []))
  if (initial.length !== 1) {
    throw notAnAutomaton(
      `it has ${initial.length} initial states, ${initial.slice(0, 2).join(' and ')}, and a monitor begins in one`,
      OTHER_PROJECTION,
    )
  }
  const [first] = initial as [string]
  const targets = transitions(graph, names)
  const events = eventNames(graph, taken)
  return `${[
    'digraph state_automaton {',
    '\tcenter = true;',
    '\tsize = "7,11";',
    `\t{node [shape = plaintext, style=invis, label=""] "__init_${first}"};`,
    `\t{node [shape = doublecircle] "${first}"};`,
    ...names.map((name) => `\t{node [shape = circle] "${name}"};`),
    `\t"__init_${first}" -> "${first}";`,
    ...names.flatMap((name, node) => [
      `\t"${name}" [label = "${name}"];`,
      ...[...targets[node]!].map(
        ([to, steps]) =>
          `\t"${name}" -> "${names[to]!}" [ label = "${steps.map((it) => events.get(it)!).join('\\n')}" ];`,
      ),
    ]),
    '\t{ rank = min ;',
    `\t\t"__init_${first}";`,
    `\t\t"${first}";`,
    '\t}',
    '}',
  ].join('\n')}\n`
}

const OTHER_PROJECTION = 'project on more variables with --project a,b, or choose other constants'

/** For each node: the steps to each target, without the steps that a monitor need not see. */
function transitions({ nodes, edges, loops }: Graph, names: readonly string[]): Map<number, string[]>[] {
  const targets = nodes.map(() => new Map<string, number>())
  for (const { from, to, by } of [
    ...edges,
    ...loops.map(({ node, by: steps }) => ({ from: node, to: node, by: steps })),
  ]) {
    for (const step of by) {
      const call = callOf(step)
      const other = targets[from]!.get(call)
      if (other !== undefined && other !== to) {
        throw notAnAutomaton(
          `it is not deterministic: in state ${names[from]!}, ${call} leads to ${names[other]!} and to ${names[to]!}`,
          OTHER_PROJECTION,
        )
      }
      targets[from]!.set(call, to)
    }
  }
  const idle = idleSteps(targets)
  return targets.map((own) => {
    const byTarget = new Map<number, string[]>()
    for (const [call, to] of own) {
      if (!idle.has(call)) byTarget.set(to, [...(byTarget.get(to) ?? []), call])
    }
    return byTarget
  })
}

/** The steps that every state allows and that never change it; none if all are such. */
function idleSteps(targets: readonly ReadonlyMap<string, number>[]): Set<string> {
  const calls = new Set(targets.flatMap((own) => [...own.keys()]))
  const idle = [...calls].filter((call) => targets.every((own, node) => own.get(call) === node))
  return new Set(idle.length === calls.size ? [] : idle)
}

/** The name of each event by its step. An action with one instance needs no bindings. */
function eventNames({ edges, loops }: Graph, taken: Set<string>): Map<string, string> {
  const steps = new Map<string, GraphStep>()
  for (const { by } of [...edges, ...loops]) for (const step of by) steps.set(callOf(step), step)
  const counts = new Map<string, number>()
  for (const { action } of steps.values()) counts.set(action, (counts.get(action) ?? 0) + 1)
  return new Map(
    [...steps].map(([call, { action }]) => [call, claimed(counts.get(action) === 1 ? action : call, taken)]),
  )
}

function callOf({ action, bindings }: GraphStep): string {
  return callText(action, bindings)
}

/** The name of each state: the values of the places in which states differ. */
function stateNames({ nodes, variables }: Graph, taken: Set<string>): string[] {
  const rows = nodes.map((node) => new Map(placesOf(node, variables)))
  const paths = [...new Set(rows.flatMap((row) => [...row.keys()]))]
  const differing = paths.filter((path) => rows.some((row) => row.get(path) !== rows[0]!.get(path)))
  // The values of one place are names by themselves, unless they are numbers.
  const isAlone = differing.length === 1 && rows.every((row) => /^[A-Za-z]/.test(row.get(differing[0]!) ?? ''))
  return rows.map((row) => {
    const parts = differing.map((path) => (isAlone ? row.get(path)! : `${path}_${row.get(path) ?? 'none'}`))
    return claimed(parts.length === 0 ? 'only' : parts.join('_'), taken)
  })
}

/** The places of a node's variables with the texts of their values: those inside maps and records one by one. */
function placesOf({ state }: GraphNode, variables: readonly string[]): (readonly [path: string, text: string])[] {
  return variables.flatMap((name) => inside(name, state.get(name)))
}

function inside(path: string, value: unknown): (readonly [path: string, text: string])[] {
  if (isRecord(value)) {
    return value
      .toSeq()
      .entrySeq()
      .toArray()
      .flatMap(([name, it]) => inside(`${path}_${name}`, it))
  }
  if (isMap(value)) return [...value].flatMap(([key, it]) => inside(`${path}_${show(key)}`, it))
  const text = show(value)
  return [[path, /[A-Za-z0-9]/.test(text) ? text : text === '{}' || text === '[]' ? 'empty' : 'other']]
}

/**
 * The keywords of C, which `dot2c` would take as they are, and names that the generated code uses. The states and the
 * events are enumerators of the same name space.
 */
const RESERVED: readonly string[] = [
  ...['auto', 'break', 'case', 'char', 'const', 'continue', 'default', 'do', 'double', 'else', 'enum', 'extern'],
  ...['float', 'for', 'goto', 'if', 'inline', 'int', 'long', 'register', 'restrict', 'return', 'short', 'signed'],
  ...['sizeof', 'static', 'struct', 'switch', 'typedef', 'union', 'unsigned', 'void', 'volatile', 'while'],
  ...['true', 'false', 'bool', 'INVALID_STATE', 'state_max', 'event_max', 'states', 'events', 'automaton', 'aut'],
]

/** A C identifier that is not taken yet, and now is. */
function claimed(text: string, taken: Set<string>): string {
  // The parser marks a state as final whose line has one of these words.
  const plain = text
    .replaceAll(/-(?=\d)/g, 'minus')
    .replaceAll(/[\W_]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  const safe = plain.replaceAll(/ellipse|doublecircle/g, (word) => `${word[0]!}_${word.slice(1)}`)
  const name = /^[A-Za-z]/.test(safe) ? safe : `s_${safe}`
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}_${count}`
    if (taken.has(candidate)) continue
    taken.add(candidate)
    return candidate
  }
}
