/** Random pairs of a model and an abstract spec, and what brute force says of the refinement. */
import {
  action,
  alwaysEventually,
  enabled,
  eventuallyAlways,
  model,
  not,
  or,
  range,
  refines,
  schema,
  spec,
  steps,
  strong,
  taken,
  weak,
  type AnySpec,
} from '../../src/index.ts'
import { rngFrom, type Rng } from '../../src/semantics/learned/probe.ts'

/** States are numbers. An edge is a step from one to another. */
interface Graph {
  readonly initial: readonly number[]
  readonly edges: readonly (readonly [from: number, to: number])[]
}

export interface RandomPair {
  readonly refined: AnySpec
  /** The length of a shortest violation in steps; undefined if initial states and steps are right. */
  readonly violatedIn: number | undefined
}

const SIZE = 6
const Concrete = schema({ high: range(0, 2), low: range(0, 1) })
type C = ReturnType<typeof Concrete>
const at = (s: C): number => 2 * s.high + s.low

/** The pair for a seed. Most refinements hold, or fail only in liveness. */
export function randomPair(seed: number): RandomPair {
  const rng = rngFrom(seed)
  const some = <T>(values: readonly T[], percent: number): T[] => values.filter(() => rng(100) < percent)
  const all = [...Array(SIZE).keys()]
  const pairs = all.flatMap((from) => all.map((to) => [from, to] as const))
  const concrete: Graph = {
    initial: [rng(SIZE), ...some(all, 15)],
    edges: [pairs[rng(pairs.length)]!, ...some(pairs, 20)],
  }
  const most = 2 + rng(3)
  const map = all.map(() => (rng(60) === 0 ? most + 1 : rng(most + 1)))
  const kept = rng(3) === 0 ? 90 : 100
  const edges = some(
    concrete.edges.map(([from, to]) => [map[from]!, map[to]!] as const),
    kept,
  ).filter(([from, to]) => from <= most && to <= most)
  const mappedInitial = some(
    concrete.initial.map((state) => map[state]!).filter((it) => it <= most),
    kept,
  )
  const abstract: Graph = {
    initial: [...mappedInitial, rng(most + 1)],
    edges: [...edges, [rng(most + 1), rng(most + 1)]],
  }
  const whose = abstract.edges.map(() => rng(2))
  return {
    refined: refinedSpec(rng, concrete, abstract, { map, most, whose }),
    violatedIn: shortest(concrete, abstract, map, most),
  }
}

function refinedSpec(
  rng: Rng,
  concrete: Graph,
  abstract: Graph,
  { map, most, whose }: { map: readonly number[]; most: number; whose: readonly number[] },
): AnySpec {
  const Abstract = schema({ m: range(0, most) })
  const doneBy = (who: number) =>
    action({ edge: range(0, abstract.edges.length - 1) }, (s: ReturnType<typeof Abstract>, { edge }) =>
      whose[edge] === who && abstract.edges[edge]![0] === s.m ? s.set('m', abstract.edges[edge]![1]) : undefined,
    )
  const only = [0, 1, 2].map((high) => (map[2 * high] === map[2 * high + 1] ? map[2 * high] : undefined))
  const isStrong = rng(2) === 0
  /** Where the fairness of `a` counts its steps; everywhere if undefined. */
  const counted = rng(2) === 0 ? [...Array(most + 1).keys()].filter(() => rng(100) < 60) : undefined
  const fairly = isStrong ? strong : weak
  const upper = spec({
    name: 'upper',
    model: () =>
      model(Abstract, {
        init: abstract.initial.map((m) => Abstract({ m })),
        actions: { a: doneBy(0), b: doneBy(1) },
        temporal: { again: or(alwaysEventually(taken('b')), eventuallyAlways(not(enabled('b')))) },
        fairness: {
          a:
            counted === undefined
              ? fairly('a')
              : fairly('a', { when: (s: ReturnType<typeof Abstract>) => counted.includes(s.m) }),
        },
      }),
  })
  // What the fairness of the abstract spec means, in terms of single steps of the model.
  const fromMapped = (who: number): readonly (readonly [number, number])[] =>
    abstract.edges.filter(([from, to], edge) => {
      const counts = who === 1 || counted === undefined || counted.includes(from)
      return whose[edge] === who && from !== to && counts
    })
  const isEnabled = (who: number) => (s: C) => fromMapped(who).some(([from]) => from === map[at(s)])
  const isTaken = (who: number) =>
    or<C>(
      ...concrete.edges.flatMap(([from, to], edge) =>
        fromMapped(who).some(([one, other]) => one === map[from] && other === map[to])
          ? [taken<C>(steps('go', { edge }))]
          : [],
      ),
    )
  const disabledA = not<C>(isEnabled(0))
  const fairEdges = concrete.edges.flatMap((_, edge) =>
    rng(3) > 0 ? [{ edge, kind: rng(2) === 0 ? strong : weak }] : [],
  )
  return spec({
    name: 'lower',
    model: () =>
      model(Concrete, {
        init: concrete.initial.map((n) => Concrete({ high: n >> 1, low: n & 1 })),
        actions: {
          go: action({ edge: range(0, concrete.edges.length - 1) }, (s, { edge }) => {
            const [from, to] = concrete.edges[edge]!
            return at(s) === from ? Concrete({ high: to >> 1, low: to & 1 }) : undefined
          }),
        },
        fairness: Object.fromEntries(fairEdges.map(({ edge, kind }) => [`f${edge}`, kind(steps('go', { edge }))])),
        temporal: {
          fair: or(isStrong ? eventuallyAlways(disabledA) : alwaysEventually(disabledA), alwaysEventually(isTaken(0))),
          again: or(alwaysEventually(isTaken(1)), eventuallyAlways(not<C>(isEnabled(1)))),
        },
        // It reads `low` only where that matters.
        refinements: { up: refines(upper, (s) => ({ m: only[s.high] ?? map[at(s)]! })) },
        deadlock: false,
      }),
  })
}

/** Breadth-first search. */
function shortest(
  { initial, edges }: Graph,
  abstract: Graph,
  map: readonly number[],
  most: number,
): number | undefined {
  const isStep = (from: number, to: number): boolean =>
    from > most || (to <= most && (from === to || abstract.edges.some(([one, other]) => one === from && other === to)))
  if (initial.some((state) => map[state]! > most || !abstract.initial.includes(map[state]!))) return 0
  const seen = new Set(initial)
  for (let level = [...seen], depth = 1; level.length > 0; depth++) {
    const next: number[] = []
    for (const [from, to] of edges) {
      if (!level.includes(from)) continue
      if (from !== to && !isStep(map[from]!, map[to]!)) return depth
      if (!seen.has(to)) next.push(to)
      seen.add(to)
    }
    level = next
  }
  return undefined
}
