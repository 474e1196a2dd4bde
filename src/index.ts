/** The public API of Kripke: what specs import, and `check` and its like to work with them from TypeScript. */
export {
  bag,
  bool,
  channel,
  listOf,
  mapOf,
  messages,
  oneOf,
  optional,
  range,
  record,
  setOf,
  value,
} from './spec/domain-constructors.ts'
export type { Domain, ValueOf } from './spec/domain.ts'
export { Bag } from './spec/bag.ts'
export { union } from './spec/union.ts'
export { members } from './spec/members.ts'
export { schema } from './spec/schema.ts'
export { constant } from './spec/constant.ts'
export { action } from './spec/action.ts'
export { step, thread } from './spec/thread.ts'
export { anyOf, anySubset } from './spec/choice.ts'
export { goto } from './spec/move.ts'
export { assign, call, procedure, ret } from './spec/procedure.ts'
export type { Procedure } from './spec/domain.ts'
export { count, every, exists } from './spec/exists.ts'
export type { Quantifiable } from './spec/exists.ts'
export { forAll, forEach } from './spec/for-all.ts'
export { unreachable } from './spec/unreachable.ts'
export { implies } from './spec/implies.ts'
export { refines } from './spec/refinement.ts'
export type { Refinement } from './spec/refinement.ts'
export { ofStep } from './spec/measure.ts'
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
export type { Formula, FormulaLike } from './spec/formula.ts'
export { strong, weak } from './spec/fairness.ts'
export { preempts } from './spec/priorities.ts'
export { steps } from './spec/steps.ts'
export { model } from './spec/define-model.ts'
export type { Model } from './spec/model.ts'
export { spec } from './spec/spec.ts'
export type { AnySpec, Spec } from './spec/spec.ts'
export { check } from './api/check.ts'
export { compare } from './api/compare.ts'
export type { CheckResult, HasProperties, Outcome, PropertyOutcome, PropertyReport } from './api/outcome.ts'
export type { CompareOptions, Comparison, Variant, Variation } from './api/compare.ts'
export { simulate } from './api/simulate.ts'
export type { Simulation, SimulationResult, ViolatingWalk, WalkedAction } from './api/simulation.ts'
export { replay } from './api/replay.ts'
export type { ReplayOptions } from './api/replay.ts'
export type { Divergence, Replay } from './trace/replay/replay.ts'
export type { PlaceDifference } from './trace/replay/recorded-value.ts'
export { conform } from './api/conform.ts'
export type { ConformOptions, ConformResult } from './api/conform.ts'
export { logMap } from './trace/conform/log-map.ts'
export type { FtraceEntry, LogFormat, LogMap, LogMapParts, MappedEvents } from './trace/conform/log-map.ts'
export type { LogEvent, LogPlace } from './trace/conform/event.ts'
export type { AllowedStep, Deviation, NearMiss, NumberedEvent } from './trace/conform/deviation.ts'
export type { Mismatch, Outside } from './trace/conform/observation.ts'
export { graph } from './api/graph.ts'
export type { Graph, GraphEdge, GraphLoop, GraphNode, GraphOptions, GraphStep } from './api/graph.ts'
export { bench } from './api/bench/bench.ts'
export type { Bench, BenchOptions, BenchRow, Missing, Series } from './api/bench/bench.ts'
export type { Forecast } from './api/bench/forecast.ts'
export type { Law, Withheld } from './api/bench/growth.ts'
export type { Measure, Measurement } from './api/bench/measure.ts'
export type { Sweep } from './api/bench/sweep.ts'
export { FailedRun } from './api/failed-run.ts'
export type {
  CheckOptions,
  CheckpointStore,
  Ending,
  Progress,
  RunRecord,
  SavedRun,
  SimulateOptions,
  SimulationEnding,
  SimulationProgress,
  Tuning,
} from './api/options.ts'
export type { ActionOutcome, MeasureOutcome, PropertyResult, Verdict, Warning } from './api/outcome.ts'
export type { Trace, TraceStep } from './trace/trace.ts'
export { CheckerError } from './errors.ts'
export { formatConformance, formatError, formatResult, formatTrace, toHtml, toItf, toMermaid } from './formats.ts'
export type { ResultOptions, TextOptions, TraceSource } from './formats.ts'
export {
  assertConforms,
  assertHolds,
  assertReaches,
  assertViolates,
  CheckAssertionError,
  ConformAssertionError,
} from './assertions.ts'
export type { ConformJudgement, Judgement, PropertyExpectation } from './assertions.ts'
