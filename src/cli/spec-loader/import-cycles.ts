/** Files that import each other, as the compiler saw it. */
import { basename, resolve } from 'node:path'
import type { Metafile } from 'esbuild'

/** What each file of a bundle imports, by absolute path. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** The graph of the files that a bundle was made from. */
export function importGraph({ inputs }: Metafile): ImportGraph {
  const isFile = (path: string): boolean => inputs[path] !== undefined
  return new Map(
    Object.entries(inputs).map(([path, { imports }]) => [
      resolve(path),
      imports.flatMap((one) => (one.external !== true && isFile(one.path) ? [resolve(one.path)] : [])),
    ]),
  )
}

/** The files that lie on a circle of imports. */
export function filesOnCircles(graph: ImportGraph): Set<string> {
  return new Set([...graph.keys()].filter((path) => circleThrough(graph, path) !== undefined))
}

/** A shortest circle of imports, with the file both first and last; undefined if there is none. */
export function circleThrough(graph: ImportGraph, start: string, next?: string): readonly string[] | undefined {
  const before = new Map<string, string>()
  const queue = next === undefined ? [...(graph.get(start) ?? [])] : [next]
  for (const path of queue) before.set(path, start)
  for (const path of queue) {
    if (path === start) return wayTo(before, start)
    for (const imported of graph.get(path) ?? []) {
      if (before.has(imported)) continue
      before.set(imported, path)
      queue.push(imported)
    }
  }
  return undefined
}

function wayTo(before: ReadonlyMap<string, string>, start: string): string[] {
  const way = [start]
  do way.unshift(before.get(way[0]!)!)
  while (way[0] !== start)
  return way
}

/** `a.ts -> b.ts -> a.ts`. */
export function circleText(circle: readonly string[]): string {
  return circle.map((path) => basename(path)).join(' -> ')
}
