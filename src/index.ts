/** The public API of Kripke: what specs import, and `check` and its like to work with them from TypeScript. */
export { bool, listOf, mapOf, oneOf, optional, range, record, setOf, value } from './spec/domain.ts'
export type { Domain, ValueOf } from './spec/domain.ts'
export { union } from './spec/union.ts'
export { members } from './spec/members.ts'
export { schema } from './spec/schema.ts'
export { constant } from './spec/constant.ts'
export { action } from './spec/action.ts'
export { goto, step, thread } from './spec/thread.ts'
export { forAll, implies } from './spec/property.ts'
export { ofStep } from './spec/measure.ts'
export { forEach } from './spec/for-each.ts'
export {
  always,
  alwaysEventually,
  and,
  enabled,
  eventually,
  eventuallyAlways,
  leadsTo,
  not,
  or,
  taken,
  until,
} from './spec/temporal.ts'
export type { Formula, FormulaLike } from './spec/temporal.ts'
export { strong, weak } from './spec/fairness.ts'
export { steps } from './spec/steps.ts'
export { model } from './spec/model.ts'
export type { Model } from './spec/model.ts'
export { spec } from './spec/spec.ts'
export type { Spec } from './spec/spec.ts'
export { check } from './run/check.ts'
export { compare } from './run/compare.ts'
export type { CompareOptions, Comparison, Variant, Variation } from './run/compare.ts'
export { simulate } from './run/simulate.ts'
export type { SimulateOptions, SimulationProgress } from './run/simulation/options.ts'
export type { Simulation, SimulationEnding, ViolatingWalk, WalkedAction } from './run/simulation/simulation.ts'
export { replay } from './run/replay.ts'
export type { ReplayOptions } from './run/replay.ts'
export type { Divergence, Replay } from './run/retrace.ts'
export type { PlaceDifference } from './run/recorded-value.ts'
export { graph } from './run/graph.ts'
export type { Graph, GraphEdge, GraphNode, GraphOptions, GraphStep } from './run/graph.ts'
export { bench } from './run/bench.ts'
export type { Bench, BenchOptions, BenchRow, Missing, Series } from './run/bench.ts'
export type { Forecast } from './run/forecast.ts'
export type { Law, Withheld } from './run/growth.ts'
export type { Measure, Measurement } from './run/measure.ts'
export type { Sweep } from './run/sweep.ts'
export { FailedRun } from './run/failed-run.ts'
export type { CheckOptions, Progress } from './run/settings.ts'
export type {
  ActionOutcome,
  Ending,
  MeasureOutcome,
  Outcome,
  PropertyOutcome,
  PropertyResult,
  Verdict,
  Warning,
} from './run/outcome.ts'
export type { Trace, TraceStep } from './trace/trace.ts'
export { CheckerError } from './errors.ts'
