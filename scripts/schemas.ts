/**
 * The JSON documents that Kripke prints, described: `npm run docs` writes `schemas/*.json` and the tables of
 * docs/reference/formats.md from this.
 *
 * A document may get more fields in a later version, so the schemas accept unknown ones. The tests close them with `closed`, so that
 * a field that is not described here fails. `examples` lists the known values of a text that may get more.
 */
import { format, resolveConfig } from 'prettier'

/** A JSON Schema, or a part of one. */
export type Schema = { readonly [keyword: string]: unknown }

/** The schema of a field that a document may leave out. */
class Optional {
  readonly schema: Schema

  constructor(schema: Schema) {
    this.schema = schema
  }
}

type Fields = { readonly [name: string]: Schema | Optional }

const optional = (schema: Schema): Optional => new Optional(schema)
const text = (description: string): Schema => ({ type: 'string', description })
const flag = (description: string): Schema => ({ type: 'boolean', description })
const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description })
const number = (description: string): Schema => ({ type: 'number', description })
const choice = (description: string, ...values: readonly string[]): Schema => ({ enum: values, description })
const known = (description: string, ...values: readonly string[]): Schema => ({
  type: 'string',
  examples: values,
  description,
})
const list = (description: string, items: Schema): Schema => ({ type: 'array', items, description })
const named = (description: string, values: Schema | true = true): Schema => ({
  type: 'object',
  additionalProperties: values,
  description,
})
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` })
const anyOf = (description: string, ...schemas: readonly Schema[]): Schema => ({ description, anyOf: schemas })

/** Allows null too. */
function nullable(schema: Schema): Schema {
  const { type, description } = schema
  return typeof type === 'string'
    ? { ...schema, type: [type, 'null'] }
    : anyOf(description as string, withoutDescription(schema), NULL)
}

const NULL: Schema = { type: 'null' }

function withoutDescription(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== 'description'))
}

/** A reference with a description of its own. */
function as(description: string, name: string): Schema {
  return { ...ref(name), description }
}

function object(description: string, fields: Fields): Schema {
  const entries = Object.entries(fields)
  return {
    description,
    type: 'object',
    required: entries.flatMap(([name, it]) => (it instanceof Optional ? [] : [name])),
    properties: Object.fromEntries(entries.map(([name, it]) => [name, it instanceof Optional ? it.schema : it])),
  }
}

const RESULTS = ['holds', 'violated', 'reached', 'unreached', 'unknown'] as const
const KINDS = ['invariant', 'transition', 'refinement', 'goal', 'unreachable', 'temporal', 'deadlock'] as const

const LOG_VERDICTS = ['conforms', 'deviates', 'incomplete', 'unreadable', 'failed'] as const

const kripke = text('The version of Kripke.')
const specName = text('The name of the spec.')
const constants = named('The value of each constant, by name.')
const properties = list('One entry for each property that was asked for.', ref('property'))
const traces = list('Counterexamples, and the ways to reached goals.', ref('trace'))
const warnings = list('The caveats on the verdicts.', ref('warning'))
const specCalls = count('Calls of spec functions.')
const workers = count('Threads that explored.')
const seconds = number('Seconds that the run took.')
const bindings = named('The value of each parameter, by name.')
const writeError = optional(as('The error, if Kripke could not write a file.', 'error'))

const CHECK: Fields = {
  kripke,
  spec: specName,
  constants,
  verdict: choice('`incomplete`: a bound ended the run before a verdict.', 'holds', 'violated', 'incomplete'),
  properties,
  traces,
  measures: list('One entry for each measure of the spec.', ref('measure')),
  states: ref('counts'),
  complete: flag('Whether Kripke explored every reachable state.'),
  engine: choice('The engine that gave the verdicts.', 'explicit', 'symbolic'),
  engineChange: optional(text('Why another engine took over or ran beside it.')),
  symmetry: choice('`on`: the counts are of symmetry classes.', 'on', 'off'),
  por: choice('`on`: the counts are of a search with partial-order reduction.', 'on', 'off'),
  notReduced: optional(text('Why partial-order reduction was not applied, if it was requested.')),
  specCalls,
  workers,
  seconds,
  bytesPerState: number('Bytes of the seen set and the levels, divided by the distinct states.'),
  peakMemoryBytes: nullable(count('The peak memory of the process.')),
  actions: list('One entry for each action.', ref('action')),
  warnings,
}

const ERROR_DOCUMENT: Fields = {
  kripke,
  error: ref('error'),
  properties: optional(list('The verdicts before a spec function failed.', ref('property'))),
  traces: optional(list('The traces found before a spec function failed.', ref('trace'))),
}

/** The parts that several documents share. */
export const PARTS: { readonly [name: string]: Schema } = {
  mutant: object('A small change of a spec, and whether a property notices it.', {
    file: text('The path of the file, relative to the current folder.'),
    line: count('The line, from 1.'),
    column: count('The column, from 1.'),
    kind: known(
      'The kind of change.',
      'guard dropped',
      'guard negated',
      'write dropped',
      'another label',
      'off by one',
      'fairness',
    ),
    original: text('The code before the change, as compiled to JavaScript.'),
    replacement: text('The code after it.'),
    verdict: choice(
      '`failed`: a function of the mutant fails. `unreached`: the changed code does not run. `equivalent`: same state graph.',
      'noticed',
      'failed',
      'unreached',
      'equivalent',
      'survived',
      'undecided',
    ),
    properties: list('The properties that notice the change.', { type: 'string' }),
    reason: nullable(text('Why it failed or is undecided.')),
  }),
  log: object('A log, and what came of following it.', {
    log: text('The path of the log.'),
    verdict: choice(
      '`incomplete`: no event, too many states, or too many hidden steps. `failed`: a spec function failed.',
      ...LOG_VERDICTS,
    ),
    events: nullable(count('The events that fit.')),
    skipped: nullable(count('The entries that the map skips.')),
    states: nullable(count('The states that the system may be in after those events.')),
    isCut: nullable(flag('Whether more hidden steps than the bound were possible before some event.')),
    reason: optional(known('Why the verdict is `incomplete`.', 'no-events', 'states', 'hidden')),
    actions: list(
      'The actions of the spec.',
      object('An action.', { name: text('Its name.'), events: count('The events that fit and name it alone.') }),
    ),
    deviation: nullable(as('Where the log leaves the spec, or null.', 'deviation')),
    error: nullable(as('Why the log cannot be read or followed, or null.', 'error')),
  }),
  deviation: object('The first event that does not fit.', {
    event: as('The event.', 'logEvent'),
    last: nullable(as('The event before it, or null.', 'logEvent')),
    problem: known(
      'Why it does not fit.',
      'no-such-action',
      'not-initial',
      'not-enabled',
      'leads-elsewhere',
      'not-reached',
    ),
    outside: list(
      'Values of the event that are not in their domain.',
      object('A value.', {
        path: text('The place or parameter.'),
        log: { description: 'The value in the log.' },
        expected: text('The domain.'),
      }),
    ),
    unknown: list('Actions of the event that the spec does not have with these constants.', { type: 'string' }),
    states: object('The states that the system may have been in.', {
      count: count('How many.'),
      shown: list('The first of them.', { type: 'object' }),
      isCut: flag('Whether more hidden steps than the bound lead to further states.'),
    }),
    allowed: list(
      'The steps that these states allow, most frequent first.',
      object('A step.', {
        step: text('The step as text.'),
        action: text('Its action.'),
        bindings,
        states: count('The states that allow it.'),
      }),
    ),
    nearest: nullable(
      object('What the spec allows and comes nearest to the event.', {
        action: nullable(text('The action; null for no step.')),
        bindings,
        otherAction: flag('Whether the event is about another action.'),
        before: named('The state before.'),
        after: named('The state after.'),
        differences: list(
          'The places and parameters that differ.',
          object('A difference.', {
            path: text('The place or parameter.'),
            spec: { description: 'The value in the spec.' },
            log: { description: 'The value in the log.' },
          }),
        ),
      }),
    ),
  }),
  logEvent: object('An event of a log.', {
    number: count('Its number, from 1.'),
    line: nullable(count('Its line in the log.')),
    text: nullable(text('The text of that line.')),
    actions: nullable(list('The actions that it may stand for; null if it is not a step.', { type: 'string' })),
    bindings,
    observes: nullable(named('The observed values, by variable.')),
  }),
  property: object('A property and its result.', {
    name: text('The name of the property.'),
    kind: choice('The kind of property.', ...KINDS),
    result: choice('Goals are `reached` or `unreached`.', ...RESULTS),
    trace: optional(count('The index of its trace in `traces`.')),
    reason: optional(text('Why the result is `unknown`.')),
    caveat: optional(text('What the verdict does not cover.')),
  }),
  trace: object('A behavior that decides a property.', {
    property: text('The property, or the spec function that failed.'),
    loop: nullable(count('For a lasso, the index of the step to which the last step returns.')),
    steps: list('The initial state and the steps after it.', ref('step')),
    bindings: optional(named('The parameters for which the property is decided.')),
    failed: optional(list('The conjuncts that are false at the end.', ref('conjunct'))),
    length: optional(count('For a lasso, the steps of stem and cycle without stutters.')),
    shortest: optional(flag('Whether Kripke knows that none is shorter; only for lassos and reduced searches.')),
    fairness: optional(list('For a lasso, how it meets each fairness constraint.', ref('fairness'))),
    abstract: optional(
      object('For a property of a refinement: the behavior of the abstract spec.', {
        spec: text('The name of the abstract spec.'),
        entries: list('One entry for each of `steps`.', ref('abstractEntry')),
        options: optional(list('What the abstract spec allows instead, where it is violated.', ref('abstractOption'))),
      }),
    ),
    aliasFailure: optional(
      object('Why no step has an `alias`.', {
        step: count('The index of the step for which the alias failed.'),
        error: ref('error'),
      }),
    ),
  }),
  step: object('A step, and the state after it.', {
    action: text('The action; `init` for the first entry, `stutter` if nothing happens.'),
    bindings,
    chosen: optional(named('The values that `anyOf` and `anySubset` chose.')),
    thread: optional(text('The thread, if the step is one of a thread.')),
    label: optional(text('The label of the thread at which the step starts.')),
    note: optional(text('What its author says about the step.')),
    state: named('The value of each variable after the step.'),
    alias: optional(named("The values of the model's alias after the step.")),
  }),
  abstractEntry: object('A step as a refinement maps it, and the abstract state after it.', {
    action: nullable(
      text('The abstract action, `init` or `stutter`; null if the abstract spec does not allow the step.'),
    ),
    bindings: optional(bindings),
    state: nullable(named('The value of each abstract variable; null if one is outside its domain.')),
    outside: optional(as('The error about a value outside its domain.', 'error')),
  }),
  abstractOption: object('A step, or an initial state, of an abstract spec.', {
    action: text('The abstract action; `init` for an initial state.'),
    bindings,
    state: named('The value of each abstract variable after it.'),
  }),
  conjunct: object('A conjunct that is false.', {
    conjunct: text('Its name; empty if the property has no named conjuncts.'),
    bindings: optional(named('The first parameters for which it is false.')),
    read: named("The value of each place that it read. A prime, as in `owner[b1]'`, means after the step."),
  }),
  fairness: object('How the cycle of a lasso meets a fairness constraint.', {
    name: text('The action or thread.'),
    bindings,
    fairness: choice('The kind of fairness.', 'weak', 'strong'),
    how: choice(
      '`taken` in the step, `disabled` after it, or `never-enabled` in the cycle after it.',
      'taken',
      'disabled',
      'never-enabled',
    ),
    step: count('The index of a step.'),
  }),
  measure: object('The range of a measure over the explored states or steps.', {
    name: text('The name of the measure.'),
    over: choice('What it measures.', 'states', 'steps'),
    minimum: nullable({ type: 'integer', description: 'The least value; null if nothing was measured.' }),
    maximum: nullable({ type: 'integer', description: 'The greatest value; null if nothing was measured.' }),
  }),
  counts: object('How many states Kripke found.', {
    initial: count('Distinct initial states.'),
    generated: nullable(count('Initial states and all successors; null if the run ended before Kripke counted them.')),
    distinct: count('Distinct states.'),
    depth: nullable(count('Levels of the search; null if Kripke did not search level by level.')),
    exact: optional(
      object('The counts as text, if they exceed the integers of JSON readers.', {
        generated: nullable(text('`generated`, exactly.')),
        distinct: text('`distinct`, exactly.'),
      }),
    ),
  }),
  action: object('An action and what it contributed.', {
    name: text('The name of the action.'),
    instances: count('Bindings of its parameters.'),
    generated: nullable(count('Successors that it gave.')),
    distinct: nullable(count('Successors that were new states; null unless `--profile` counted them.')),
    evaluation: choice('`interpreted`: reference evaluation of some instance.', 'learned', 'interpreted'),
    specCalls: optional(count('Calls of its function. With `--profile`.')),
    treeNodes: optional(nullable(count('Nodes of its decision trees. With `--profile`.'))),
    slotsRead: optional(nullable(count('Slots that it reads. With `--profile`.'))),
    remark: optional(nullable(text('Why Kripke did not learn it. With `--profile`.'))),
  }),
  warning: object('A caveat on a verdict.', {
    code: known(
      'The kind of warning.',
      'never-taken',
      'antecedent-never-true',
      'always-true',
      'unused-constant',
      'nothing-checked',
      'constrained',
      'budget',
      'interpreted',
      'undecided',
      'not-reduced',
      'symmetry-sampled',
      'view',
      'view-differs',
      'same-results',
    ),
    name: text('The action, property, constant, set or bound that it concerns.'),
    text: text('A sentence for people.'),
  }),
  error: object('A mistake, or a defect of Kripke.', {
    code: { ...text('`KR` and three digits.'), pattern: String.raw`^KR\d{3}$` },
    message: text('One sentence that says what is wrong.'),
    hint: nullable(text('What to do; null if Kripke does not know.')),
    at: optional(text('The place in your file, as `path:line:column`.')),
    details: optional(named('Labeled values, such as the names to choose from.', { type: 'string' })),
    trace: optional(as('The way to the state on which a spec function failed.', 'trace')),
  }),
  figures: object('The counts of a row. Predicted rows have `distinct` alone.', {
    initial: nullable(count('Distinct initial states.')),
    generated: nullable(count('Initial states and all successors.')),
    distinct: nullable(count('Distinct states.')),
    depth: nullable(count('Levels of the search.')),
    exact: optional(
      object('The counts as text, if they exceed the integers of JSON readers.', {
        generated: nullable(text('`generated`, exactly.')),
        distinct: text('`distinct`, exactly.'),
      }),
    ),
  }),
  row: object('One combination of the swept constants. A figure that is not known is null.', {
    constants,
    states: ref('figures'),
    seconds: nullable(number('Seconds of the check; the median of several runs.')),
    statesPerSecond: nullable(number('Distinct states per second.')),
    bytesPerState: nullable(number('Bytes of the seen set and the levels, divided by the distinct states.')),
    peakMemoryBytes: nullable(count('The peak memory of the process; the maximum of several runs.')),
    complete: flag('Whether Kripke explored every reachable state.'),
    predicted: flag('Whether the figures are predictions.'),
    verdict: nullable(text('As in `check`.')),
    growth: nullable(number('Distinct states, divided by those of the size before.')),
    memoryBytes: nullable(count('Bytes of the seen set and the levels.')),
    workers: nullable(count('Threads that explored.')),
    properties: optional(
      list(
        'The result of each property.',
        object('A property and its result.', {
          name: text('The name of the property.'),
          result: choice('As in `check`.', ...RESULTS),
        }),
      ),
    ),
    warnings: optional(warnings),
    cut: optional(
      known('Why the row has no counts.', 'time', 'memory', 'states', 'depth', 'killed', 'interrupted', 'not tried'),
    ),
    explored: optional(nullable(as('What Kripke counted before the cut.', 'counts'))),
    withheld: optional(nullable(text('Why there is no prediction.'))),
    error: optional(as('Why Kripke could not check the row.', 'error')),
  }),
  series: object('The rows that differ only in the size.', {
    constants: named('The other swept constants.'),
    growth: nullable(anyOf('The law of growth, or why there is none.', ref('law'), ref('withheld'))),
    next: nullable(
      anyOf(
        'The prediction for the size after the last; null if Kripke cut a row.',
        ref('prediction'),
        object('Why there is no prediction.', {
          size: number('The size.'),
          withheld: text('The reason.'),
        }),
      ),
    ),
  }),
  law: object('A law that predicted the largest size well enough.', {
    kind: choice('The form of the law.', 'exponential', 'polynomial'),
    rate: number('The factor for one more of the axis; for a polynomial, the exponent.'),
    checkedOn: number('The largest size explored.'),
    error: number('The relative error for that size of a law fitted without it.'),
  }),
  prediction: object('A prediction.', {
    size: number('The size.'),
    distinct: count('Distinct states.'),
    seconds: nullable(number('Seconds.')),
    bytesPerState: number('Bytes for each state.'),
    memoryBytes: count('Bytes of the seen set and the levels.'),
  }),
  withheld: object('Why a figure is not given.', { withheld: text('The reason.') }),
  progress: object('Where the run stands.', {
    event: { const: 'progress', description: 'Progress.' },
    generated: count('Initial states and all successors so far.'),
    distinct: count('Distinct states so far.'),
    depth: count('Levels so far.'),
    pending: count('States that Kripke has not expanded yet.'),
    elapsedMs: number('Milliseconds since the run began.'),
  }),
  run: object('A run of `--watch` begins.', {
    event: { const: 'run', description: 'A run begins.' },
    run: count('Its number, from 1.'),
    saved: list('The saved files that caused it, as paths from the current folder.', { type: 'string' }),
  }),
  waiting: object('A run of `--watch` has ended.', {
    event: { const: 'waiting', description: 'Kripke waits for a save.' },
    run: count('The number of the run.'),
    status: count('The exit status that the run would have without `--watch`.'),
    changes: nullable(
      list('The verdicts that changed since the last result; null without two results.', ref('change')),
    ),
  }),
  change: object('A verdict that changed.', {
    name: text('The name of the property.'),
    from: nullable(choice('The earlier result; null if the property is new.', ...RESULTS)),
    to: nullable(choice('The later result; null if the property no longer exists.', ...RESULTS)),
  }),
  walkedAction: object('An action and what walks met of it.', {
    name: text('The name of the action.'),
    instances: count('Bindings of its parameters.'),
    generated: count('Successors that it gave to the states of the walks.'),
    taken: count('Steps of the walks that it made.'),
    evaluation: choice('`interpreted`: reference evaluation of some instance.', 'learned', 'interpreted'),
  }),
  walks: object('The walks.', {
    made: count('Walks that ended by themselves.'),
    cut: count('Walks that time or an interruption cut short.'),
    steps: count('Steps of all walks.'),
    longest: count('Steps of the longest walk.'),
    depth: count('The bound on the steps of a walk.'),
  }),
  violation: object('The walk that violated a property.', {
    number: count('Its number, from 0.'),
    steps: count('Its steps.'),
    shortened: count('The steps of the trace that Kripke shows.'),
  }),
  differs: object('Where spec and trace diverge.', {
    step: count('The index of the first step that differs.'),
    action: nullable(text('The action that the trace names there.')),
    problem: choice(
      'What differs.',
      'not-initial',
      'no-such-action',
      'not-enabled',
      'leads-elsewhere',
      'no-return',
      'not-violated',
    ),
    variables: list(
      'The places at which the nearest state of the spec differs.',
      object('A place. Without `spec` or `trace`, that side has no such place.', {
        path: text('The place, such as `owner[block1]`.'),
        spec: optional({ description: 'The value in the spec.' }),
        trace: optional({ description: 'The value in the trace.' }),
      }),
    ),
    instead: list('Actions that lead to the state of the trace.', { type: 'string' }),
  }),
}

/** A document: where it comes from, and its schema. */
export interface DocumentSchema {
  readonly title: string
  readonly schema: Schema
}

/** The documents, by the names of their files. */
export const DOCUMENTS: { readonly [name: string]: DocumentSchema } = {
  check: {
    title: 'kripke check --json',
    schema: object('The result of one check.', { ...CHECK, error: writeError }),
  },
  compare: {
    title: 'kripke compare --json',
    schema: object('The results of several variants.', {
      kripke,
      vary: anyOf(
        'The varied constant, or a list of several.',
        { type: 'string' },
        { type: 'array', items: { type: 'string' } },
      ),
      variants: list('A check document for each variant, or an error document with its `constants`.', {
        anyOf: [
          object('The check of a variant.', CHECK),
          object('Why Kripke could not check a variant.', { ...ERROR_DOCUMENT, constants }),
        ],
      }),
      warnings,
    }),
  },
  bench: {
    title: 'kripke bench --json',
    schema: object('The size of a state space, and how it grows.', {
      kripke,
      spec: specName,
      sweeps: list('The swept constants.', { type: 'string' }),
      axis: nullable(text('The constant along which growth is judged.')),
      runs: count('Runs of each row.'),
      complete: flag('Whether Kripke tried every row.'),
      rows: list('One row for each combination.', ref('row')),
      series: list('One entry for each growth curve.', ref('series')),
      error: writeError,
    }),
  },
  simulate: {
    title: 'kripke simulate --json',
    schema: object('The result of random walks.', {
      kripke,
      spec: specName,
      constants,
      verdict: choice('Never `holds`, because walks prove nothing.', 'violated', 'incomplete'),
      properties,
      traces,
      seed: count('The seed of the walks.'),
      walks: ref('walks'),
      violation: nullable(as('The walk that violated a property, or null.', 'violation')),
      states: object('The states of the walks.', {
        initial: count('Distinct initial states.'),
        distinct: count('Distinct states of the walks, counted or estimated.'),
        error: number('The relative standard error of `distinct`; 0 if Kripke counted them.'),
      }),
      complete: { const: false, description: 'Always false.' },
      ending: choice('Why the simulation ended.', 'walked', 'violated', 'time', 'interrupted'),
      specCalls,
      workers,
      seconds,
      actions: list('One entry for each action.', ref('walkedAction')),
      warnings,
      error: writeError,
    }),
  },
  replay: {
    title: 'kripke replay --json',
    schema: object('What came of replaying a trace.', {
      kripke,
      spec: specName,
      constants,
      property: object('The property that the trace decides.', {
        name: text('Its name, or the spec function that failed.'),
        kind: choice('`error` if a spec function failed.', ...KINDS, 'error'),
      }),
      replays: flag('Whether the spec still has this behavior.'),
      result: choice('`fails`: a spec function fails as recorded.', 'violated', 'reached', 'fails', 'unknown'),
      differs: nullable(as('Where spec and trace diverge, or null.', 'differs')),
      trace: as('The trace, as far as the spec agrees.', 'trace'),
      error: optional(as('The error of the spec function that failed.', 'error')),
    }),
  },
  conform: {
    title: 'kripke conform --json',
    schema: object('What came of following logs.', {
      kripke,
      spec: specName,
      constants: named('The value of each constant, by name; empty if no log can be read.'),
      hidden: list('The actions whose steps the logs may leave out.', { type: 'string' }),
      maxHidden: nullable(count('The maximum number of such steps before an event.')),
      verdict: choice('The worst verdict.', ...LOG_VERDICTS),
      logs: list('One entry for each log.', ref('log')),
    }),
  },
  mutate: {
    title: 'kripke mutate --json',
    schema: object('What small changes of a spec show about its properties.', {
      kripke,
      spec: specName,
      constants,
      counts: object('The number of mutants with each verdict.', {
        noticed: count('A property notices the change.'),
        failed: count('A function fails.'),
        unreached: count('The system does not run the changed code.'),
        equivalent: count('The state graph is the same.'),
        survived: count('No property notices the change.'),
        undecided: count('A bound ended the check.'),
      }),
      score: nullable(
        number('The part that is noticed or failed, of all except unreached and equivalent mutants: 0 to 1.'),
      ),
      properties: list(
        'What each property notices.',
        object('A property.', {
          name: text('The name of the property.'),
          kind: choice('The kind of property.', ...KINDS),
          result: choice('Its result without a change.', ...RESULTS),
          notices: count('The mutants that it notices.'),
          alone: nullable(count('The mutants that no other property notices; null with `--first`.')),
        }),
      ),
      mutants: list('One entry for each mutant, in the order of the files.', ref('mutant')),
      seconds,
    }),
  },
  info: {
    title: 'kripke info --json',
    schema: object('The parts of a spec.', {
      kripke,
      spec: specName,
      doc: text('The description of the spec.'),
      constants: list(
        'The constants.',
        object('A constant.', {
          name: text('Its name.'),
          values: text('Its domain.'),
          default: { description: 'Its default value.' },
          value: { description: 'Its value.' },
          doc: text('Its description.'),
        }),
      ),
      assumptions: list('The names of the assumptions.', { type: 'string' }),
      variables: list(
        'The variables.',
        object('A variable.', {
          name: text('Its name.'),
          domain: text('Its domain.'),
          slots: count('The slots that it takes; for sets of messages, with the messages that random walks find.'),
          grows: flag('Whether it takes more slots if a run meets more messages.'),
        }),
      ),
      state: object('The size of a state.', {
        slots: count('Slots.'),
        bits: count('Bits.'),
        words: count('Words of 32 bits.'),
      }),
      actions: list(
        'The actions.',
        object('An action.', {
          name: text('Its name.'),
          parameters: text('Its parameters, as text.'),
          instances: count('Bindings of its parameters.'),
          thread: nullable(text('Its thread.')),
          label: nullable(text('The label of the thread.')),
          fair: nullable(text('Its fairness: `weak` or `strong`.')),
          doc: text('Its line of documentation; empty without one.'),
        }),
      ),
      properties: list(
        'The properties.',
        object('A property.', {
          name: text('Its name.'),
          kind: choice('The kind of property.', ...KINDS),
          parameters: text('Its parameters, as text.'),
          instances: count('Bindings of its parameters.'),
          conjuncts: list('The named conjuncts.', { type: 'string' }),
        }),
      ),
      fairness: list(
        'The fairness constraints.',
        object('A fairness constraint.', {
          name: text('The action or thread.'),
          fair: choice('The kind of fairness.', 'weak', 'strong'),
        }),
      ),
      priorities: list(
        'The priorities.',
        object('A priority: while one of the steps `high` is enabled, none of `low` is taken.', {
          name: text('Its name, with its parameters.'),
          high: text('The steps that pre-empt others.'),
          low: list('The steps that they pre-empt.', { type: 'string' }),
        }),
      ),
      atomic: list(
        'The threads with atomic sections.',
        object('A thread.', {
          thread: text('Its name.'),
          labels: list('The labels of its atomic sections.', { type: 'string' }),
          variable: text('The variable that says which instance has control.'),
        }),
      ),
      constraints: list('The names of the constraints.', { type: 'string' }),
      measures: list(
        'The measures.',
        object('A measure.', { name: text('Its name.'), over: choice('What it measures.', 'states', 'steps') }),
      ),
      symmetric: list('The symmetric member sets.', { type: 'string' }),
    }),
  },
  error: {
    title: 'the document of an error, with --json',
    schema: object('Why a command failed.', ERROR_DOCUMENT),
  },
  event: {
    title: 'a line of kripke check --ndjson',
    schema: {
      description: 'Progress, or the result, or the error; with `--watch` also the begin and the end of a run.',
      anyOf: [
        ref('progress'),
        object('The check document.', {
          event: { const: 'result', description: 'The last line of a run.' },
          ...CHECK,
          error: writeError,
        }),
        object('The error document.', {
          event: { const: 'error', description: 'The last line of a run that failed.' },
          ...ERROR_DOCUMENT,
        }),
        ref('run'),
        ref('waiting'),
      ],
    },
  },
  traces: {
    title: 'the file of --trace json:file',
    schema: object('Traces of one run.', { spec: specName, constants, traces }),
  },
}

/** The JSON Schema of a document, complete in itself. */
export function schemaOf(name: string): Schema {
  const { title, schema } = DOCUMENTS[name]!
  const parts = new Map<string, Schema>()
  addParts(schema, parts)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...schema,
    ...(parts.size > 0 && { $defs: Object.fromEntries([...parts].toSorted(([a], [b]) => (a < b ? -1 : 1))) }),
  }
}

/** The text of the file of a schema, as `npm run format` leaves it. */
export async function schemaText(name: string): Promise<string> {
  const path = `schemas/${name}.json`
  return format(JSON.stringify(schemaOf(name)), { ...(await resolveConfig(path)), filepath: path })
}

/** Adds the parts that a schema refers to, and in turn the parts that these refer to. */
function addParts(schema: unknown, parts: Map<string, Schema>): void {
  if (typeof schema !== 'object' || schema === null) return
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword !== '$ref') {
      addParts(value, parts)
      continue
    }
    const name = (value as string).replace('#/$defs/', '')
    if (parts.has(name)) continue
    parts.set(name, PARTS[name]!)
    addParts(PARTS[name], parts)
  }
}

/** The schema without room for fields that it does not describe, and for values that it does not list. */
export function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T
  if (typeof schema !== 'object' || schema === null) return schema
  const { examples, ...rest } = schema as Schema
  return {
    ...Object.fromEntries(Object.entries(rest).map(([keyword, value]) => [keyword, closed(value)])),
    ...('properties' in rest && 'type' in rest && { additionalProperties: false }),
    ...(Array.isArray(examples) && { enum: examples }),
  } as T
}
