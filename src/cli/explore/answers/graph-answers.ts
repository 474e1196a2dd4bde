/** Answers about the state graph. */
import { drawGraph, type DrawnGraph } from '../../../api/graph.ts'
import { neighborhood } from '../../../api/walk/neighborhood.ts'
import { follow, namesAlong } from '../../../api/walk/path.ts'
import type { Walk } from '../../../api/walk/walk.ts'
import { badOption } from '../../../errors.ts'
import { graphDocument, neighborhoodDocument, type GraphDocument } from '../../../report/json/graph-view.ts'
import type { Requests } from '../protocol.ts'
import type { Session } from '../session.ts'
import { withStart } from './walk-answers.ts'

/** A page lays out a graph with more nodes too slowly, and nobody can read it. */
const MAX_NODES = 300
/** Nodes of merged states. The graph may have 200 states for each, and while it is explored, the server does not answer. */
const MAX_MERGED = 120
/** States around the one that the page shows. */
const MAX_AROUND = 120

/** Whole and projected graphs, by the walk with their constants and the projection. */
const graphs = new WeakMap<Walk, Map<string, DrawnGraph>>()

/** @throws {CheckerError} KR403 if the whole graph is too large */
export function graphAround(session: Session, body: Requests['graph']['body']): GraphDocument {
  const { constants, path, at = path.length - 1, scope, project, steps } = body
  const walk = session.walk(constants)
  const { states } = follow(walk, withStart(walk, path))
  const shown = Math.min(Math.max(0, at), states.length - 1)
  if (scope === 'whole') return graphDocument(drawn(session, body).graph, states.slice(0, shown + 1))
  if (project.length > 0) throw badOption('only the whole graph can be projected', 'set "scope" to "whole"')
  if (states.length === 0) throw badOption('the path must begin at an initial state, but does not')
  return neighborhoodDocument(neighborhood(walk, states, shown, { steps, maxStates: MAX_AROUND }), walk.variables)
}

/** A shortest path to a node of the whole graph. */
export function wayToNode(session: Session, { constants, project, node }: Requests['way']['body']): { path: string[] } {
  const { graph, statesTo } = drawn(session, { constants, project })
  if (node >= graph.nodes.length) throw badOption(`the graph does not have the node ${node}`)
  return { path: namesAlong(session.walk(constants), statesTo(node)) }
}

function drawn(session: Session, { constants, project }: Pick<Requests['way']['body'], 'constants' | 'project'>) {
  const walk = session.walk(constants)
  const known = graphs.get(walk) ?? new Map<string, DrawnGraph>()
  graphs.set(walk, known)
  const key = JSON.stringify(project)
  const found =
    known.get(key) ??
    drawGraph(session.spec, {
      constants,
      ...(project.length > 0 ? { project, maxStates: MAX_MERGED } : { maxStates: MAX_NODES }),
    })
  known.set(key, found)
  return found
}
