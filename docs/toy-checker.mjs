/**
 * The idea of Kripke in a hundred lines: `node docs/toy-checker.mjs`.
 *
 * A spec is functions over a state. They are called only for combinations of values that they have not read before; everything
 * else is answered by decision trees. The real thing reads through immutable.js values, packs states into bits, checks what it
 * learns, and explains what it finds; the loop is this one.
 */

// ── A spec: two-phase commit. A state is a vector of small numbers; `s.get` reads one, `s.with` gives a changed state. ─────────

const N = 3
const [WORKING, PREPARED, COMMITTED, ABORTED] = [0, 1, 2, 3]
const rm = (i) => i
const received = (i) => N + i
const sent = (i) => 2 * N + i
const [TM, COMMIT, ABORT, WIDTH] = [3 * N, 3 * N + 1, 3 * N + 2, 3 * N + 3]
const everyone = Array.from({ length: N }, (_, i) => i)

const actions = [
  (s) => s.get(TM) === 0 && everyone.every((i) => s.get(received(i))) && s.with([TM, 1], [COMMIT, 1]),
  (s) => s.get(TM) === 0 && s.with([TM, 2], [ABORT, 1]),
  ...everyone.flatMap((i) => [
    (s) => s.get(TM) === 0 && s.get(sent(i)) && s.with([received(i), 1]),
    (s) => s.get(rm(i)) === WORKING && s.with([rm(i), PREPARED], [sent(i), 1]),
    (s) => s.get(rm(i)) === WORKING && s.with([rm(i), ABORTED]),
    (s) => s.get(COMMIT) && s.with([rm(i), COMMITTED]),
    (s) => s.get(ABORT) && s.with([rm(i), ABORTED]),
  ]),
]
const invariant = (s) =>
  !everyone.some((i) => everyone.some((j) => s.get(rm(i)) === ABORTED && s.get(rm(j)) === COMMITTED))

// ── Learning: the first time a function comes here, note what it reads; ever after, follow the notes. ──────────────────────────

let calls = 0

/** Calls a spec's function once: which slots it read, in order, and what came of it. */
function observe(call, state) {
  calls++
  const reads = []
  const get = (slot) => {
    if (!reads.includes(slot)) reads.push(slot)
    return state[slot]
  }
  return { reads, outcome: call({ get, with: (...writes) => writes }) || false }
}

/** The function, answered from its decision tree. A node is `{ slot, children }`, a leaf `{ outcome }`. */
function learned(call) {
  let root
  return (state) => {
    let node = root
    while (node?.children) node = node.children.get(state[node.slot])
    if (node) return node.outcome
    const { reads, outcome } = observe(call, state)
    // What was read so far decides what is read next, so the path either is in the tree or extends it.
    const place = (depth, known) => {
      if (depth === reads.length) return { outcome }
      const here = known ?? { slot: reads[depth], children: new Map() }
      const value = state[here.slot]
      here.children.set(value, place(depth + 1, here.children.get(value)))
      return here
    }
    root = place(0, root)
    return outcome
  }
}

// ── Exploring: breadth-first, one level after another, every state once. ───────────────────────────────────────────────────────

const steps = actions.map(learned)
const holds = learned((s) => (invariant(s) ? [] : false))

let generated = 1
let depth = 0
let level = [Array.from({ length: WIDTH }, () => 0)]
const seen = new Set(level.map(String))
while (level.length > 0) {
  depth++
  const next = []
  for (const state of level) {
    if (!holds(state)) throw new Error(`violated in ${depth - 1} steps: ${state}`)
    for (const step of steps) {
      const writes = step(state)
      if (writes === false) continue
      generated++
      const successor = [...state]
      for (const [slot, value] of writes) successor[slot] = value
      if (seen.has(String(successor))) continue
      seen.add(String(successor))
      next.push(successor)
    }
  }
  level = next
}
console.log(`${seen.size} distinct states, ${generated} generated, depth ${depth}, ${calls} calls of the spec`)
