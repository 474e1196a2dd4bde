/**
 * Reads automata by the rules of the kernel's tools: tools/verification/rvgen/rvgen/automata.py, and its predecessor
 * tools/verification/dot2/automata.py. Both work on lines and words, and neither knows the rest of the language of Graphviz.
 */

export interface Automaton {
  /** The initial state comes first. */
  readonly states: readonly string[]
  readonly initial: string
  readonly final: readonly string[]
  readonly events: readonly string[]
  /** For each state: the next state by event. */
  readonly next: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const INIT = '__init_'

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '')
const bare = (word: string): string => word.replaceAll('"', '').replaceAll('};', '').replaceAll(',', '_')

/** @param read - how the event's names are taken from the words of an edge: the tools differ in that */
function parse(text: string, read: (edge: readonly string[]) => string): Automaton {
  const lines = text.replace(/\n$/, '').split('\n')
  const header = words(lines[0]!)
  if (header[0] !== 'digraph' || header[1] !== 'state_automaton') throw new Error('not an automaton')
  const isNode = (line: string): boolean => words(line)[0] === '{node'
  const begin = lines.findIndex(isNode)
  if (begin < 0) throw new Error('no states')
  let at = begin
  const states: string[] = []
  const final: string[] = []
  let initial: string | undefined
  for (; isNode(lines[at]!); at++) {
    const state = bare(words(lines[at]!).at(-1)!)
    if (state.startsWith(INIT)) initial = state.slice(INIT.length)
    else {
      states.push(state)
      if (/doublecircle|ellipse/.test(lines[at]!)) final.push(state)
    }
  }
  if (initial === undefined || !states.includes(initial)) throw new Error('no initial state')
  // The transition to the initial state.
  at++
  const next = new Map<string, Map<string, string>>(states.map((state) => [state, new Map()]))
  const events = new Set<string>()
  for (; lines[at]!.trimStart().startsWith('"'); at++) {
    const edge = words(lines[at]!)
    if (edge[1] !== '->') {
      // rvgen looks for a constraint here.
      const label = lines[at]!.split('label')[1]!.split('"')[1]
      if (label === undefined || label.includes('\\n')) throw new Error('a state has a constraint')
      continue
    }
    for (const event of read(edge).replaceAll('"', '').split('\\n')) {
      if (event.includes(';')) throw new Error('an event has a constraint')
      events.add(event)
      // A later transition replaces an earlier one, so the file must not have two.
      if (next.get(bare(edge[0]!))!.has(event)) throw new Error(`two transitions by ${event}`)
      if (!next.has(bare(edge[2]!))) throw new Error(`no state ${edge[2]}`)
      next.get(bare(edge[0]!))!.set(event, bare(edge[2]!))
    }
  }
  const others = [...new Set(states)].filter((state) => state !== initial).toSorted()
  return { states: [initial, ...others], initial, final: [...new Set(final)], events: [...events].toSorted(), next }
}

/** As rvgen reads it. */
export function readByRvgen(text: string): Automaton {
  return parse(text, (edge) => edge.slice(edge.indexOf('label') + 2, -1).join(''))
}

/** As dot2c and dot2k read it, up to Linux 6.16. */
export function readByDot2(text: string): Automaton {
  return parse(text, (edge) => edge.at(-2)!)
}
