/** What each error code means, and what to do: the source of docs/reference/errors.md. */

/** What an error code means, and what to do about it. */
export interface ErrorEntry {
  /** A sentence without its full stop. */
  readonly meaning: string
  /** Sentences. */
  readonly remedy: string
}

/** Every code. docs/reference/errors.md is generated from this. */
export const ERRORS: { readonly [code: string]: ErrorEntry } = {
  KR101: {
    meaning: 'The command line, or the options of a function, contain a mistake',
    remedy: 'Correct the option that the error names. `kripke COMMAND --help` lists the options.',
  },
  KR102: {
    meaning: 'No constant, property or variable has this name',
    remedy: 'Use one of the names that the error lists.',
  },
  KR103: {
    meaning: 'A constant was given a value outside its domain',
    remedy: 'Use one of the values that the error lists, or widen the domain in the spec.',
  },
  KR104: {
    meaning: 'An assumption of the spec is false for these constants',
    remedy: 'Choose other constants. The spec makes no claim about these.',
  },
  KR105: {
    meaning: 'The system could not read or write a file',
    remedy: 'Check the path, the permissions and the free space.',
  },
  KR106: {
    meaning: 'The file is not a trace that Kripke can replay',
    remedy: 'Replay a file that `kripke check --trace itf:file` wrote, or name its spec with `--spec`.',
  },
  KR107: {
    meaning: 'An optional package is not installed',
    remedy: 'Install the package that the error names.',
  },
  KR108: {
    meaning: 'A log cannot be read, or an event of it cannot be an event of the spec',
    remedy: 'Correct the line that the error names, or the map that translates it.',
  },
  KR109: {
    meaning: 'The file of `--map` does not export a map of logs',
    remedy: 'End the file with `export default logMap({ event: (entry) => ... })`.',
  },
  KR110: {
    meaning: 'The graph is not a deterministic automaton, so it cannot be a monitor of the kernel',
    remedy: 'Project on other variables with `--project`, or choose other constants.',
  },
  KR111: {
    meaning: 'Kripke cannot go on from a checkpoint',
    remedy: 'Restore the spec and the folder as they were, or begin the run again.',
  },
  KR112: {
    meaning: 'Kripke cannot write a value of the run to a checkpoint',
    remedy: 'Give the variable a domain such as `record({ ... })`, or run without `--checkpoint`.',
  },
  KR113: {
    meaning: 'A NATS server cannot be reached, or a run on the cluster cannot go on',
    remedy:
      'Start the server with JetStream, and check the URL and the credentials. `kripke cluster status` lists runs.',
  },
  KR114: {
    meaning: 'A message or a journal of a cluster is damaged, or the nodes do not agree on the number of states',
    remedy: 'Check that all workers run the same version of Kripke, and begin the run again.',
  },
  KR115: {
    meaning: 'Another process has taken over the coordination of the run',
    remedy: 'Wait for that process, or begin another run with another name.',
  },
  KR201: {
    meaning: 'Kripke could not compile or run the spec file',
    remedy: 'Correct the mistake at the place that the error names. It may be in a file that the spec imports.',
  },
  KR202: {
    meaning: 'The default export of the file is not a spec',
    remedy: 'End the file with `export default spec({ name, constants, model })`.',
  },
  KR203: {
    meaning: 'The spec reads or writes a variable or field that it does not declare',
    remedy: 'Correct the name, or add the variable to the schema or the field to the record.',
  },
  KR204: {
    meaning: 'A domain is not valid, for example because it is empty',
    remedy: 'Give the domain at least one value, within the limits that the error names.',
  },
  KR205: {
    meaning: 'A name is already used or not allowed',
    remedy: 'Choose another name.',
  },
  KR206: {
    meaning: 'A part of a definition has the wrong type',
    remedy: 'Pass what the error asks for. The TypeScript compiler finds most of these mistakes in an editor.',
  },
  KR207: {
    meaning: 'The spec has no initial state',
    remedy: 'Let `init` return at least one state. `State()` gives every variable the first value of its domain.',
  },
  KR208: {
    meaning: 'An initial state has a value outside its domain',
    remedy: 'Widen the domain of the variable, or start with another value.',
  },
  KR209: {
    meaning: 'A function that defines the spec threw before the search began',
    remedy: 'Correct the function at the place that the error names.',
  },
  KR210: {
    meaning: 'A definition has a part that does not exist',
    remedy: 'Correct the name of the part. The error lists the parts.',
  },
  KR211: {
    meaning: '`init` returned too many states',
    remedy: 'End the iterable, or return fewer states and let an action choose the rest.',
  },
  KR212: {
    meaning: 'TypeScript found a type error in the spec or in a file that it imports',
    remedy: 'Correct the type errors that the error lists, or run without `--types`.',
  },
  KR301: {
    meaning: 'A variable was set to `undefined`',
    remedy: 'Declare the variable with `optional()` and use `null` for "none".',
  },
  KR302: {
    meaning: 'A variable was set to a value outside its domain',
    remedy: 'Widen the domain, or add a guard to the action.',
  },
  KR303: {
    meaning: 'An open variable holds an object that is compared by identity',
    remedy: 'Use primitives and the `Map`, `Set`, `List` and `Record` of immutable.js.',
  },
  KR402: {
    meaning: 'Open variables took more values than a slot can number',
    remedy: 'Give `value()` a larger capacity, use a finite domain, or add a constraint.',
  },
  KR403: {
    meaning: 'The state graph is too large to draw',
    remedy: 'Choose smaller constants, merge states with `--project`, or raise `--max-states`.',
  },
  KR404: {
    meaning: 'The symbolic engine does not support this model',
    remedy: 'Use `--engine explicit`.',
  },
  KR405: {
    meaning: 'Node.js ran out of memory for JavaScript values',
    remedy: 'Bound the search, or set `NODE_OPTIONS=--max-old-space-size` to more megabytes.',
  },
  KR501: {
    meaning: 'Learned and reference evaluation disagree',
    remedy: 'Use `--interpret` to get a verdict now, and report the spec.',
  },
  KR502: {
    meaning: 'A spec function gave two answers for the same state',
    remedy: 'Let the function read only the state and its parameters: no clock, no random numbers, no outer variables.',
  },
  KR503: {
    meaning: 'A spec function threw',
    remedy: 'Correct the function. The error shows the state, and the trace leads to it.',
  },
  KR504: {
    meaning: 'An action returned something other than states',
    remedy: 'Return the next state, an iterable of next states, or `undefined` if the action is not enabled.',
  },
  KR505: {
    meaning:
      'A step of a thread or procedure went to no label, wrote its program counter, or called or returned wrongly',
    remedy:
      'Return `goto(label, state)`, or add a last label `{}`. End a procedure with `ret`. Do not write the program counter.',
  },
  KR506: {
    meaning: 'A predicate did not return a boolean',
    remedy: 'Return `true` or `false`. Look for a missing `return`.',
  },
  KR507: {
    meaning: 'An action returned too many states',
    remedy: 'Return a finite, smaller number of next states.',
  },
  KR508: {
    meaning: 'A spec function is not symmetric in a set that is declared symmetric',
    remedy: 'Do not name a member or use the order of the members. Or drop `{ symmetric: true }`.',
  },
  KR509: {
    meaning: 'A measure did not return a safe integer',
    remedy: 'Return a whole number. Look for a missing `return`.',
  },
  KR510: {
    meaning: 'A spec function did not return in time',
    remedy: 'Look for an endless loop or recursion. If the function is only slow, raise `--timeout`.',
  },
  KR511: {
    meaning: 'An alias returned a value that is not an object of named values',
    remedy: 'Return an object on every path, such as `{ waiting: s.queue.size }`.',
  },
  KR512: {
    meaning: 'A step calls a procedure while as many calls are in progress as its thread allows',
    remedy: 'Raise `depth` in the schema, or end the recursion earlier. The trace shows the calls.',
  },
  KR513: {
    meaning: 'The mapping of a refinement does not give the variables of the abstract spec',
    remedy: 'Return an object with exactly these variables, or a state that has them.',
  },
  KR514: {
    meaning: 'A view returned a value that cannot be compared, such as a function or nothing',
    remedy: 'Return a primitive value, an array or object of such values, or an immutable.js collection.',
  },
  KR515: {
    meaning: 'A note of an action or step did not return a text',
    remedy: 'Return a text, or nothing if there is nothing to say.',
  },
  KR516: {
    meaning: 'The predicate of `exists` or `every` assigns a variable outside the predicate',
    remedy: 'Return true or false only. Use `filter`, `count` or `reduce` to collect something.',
  },
  KR901: {
    meaning: 'Kripke has a defect',
    remedy: 'Use `--interpret` to get a verdict now, and report the spec.',
  },
  KR902: {
    meaning: 'A worker thread exited unexpectedly',
    remedy: 'Use `--workers 1`. Check that no spec function ends the process.',
  },
}
