/** What the text of a function shows about its effects. Each answer errs on the side of effects. */

const DECLARATION = /\b(?:const|let|var)\b[^=;]*=(?![=>])/g
/** Assignments, and methods that change their object. */
const CHANGE = new RegExp(
  [
    String.raw`(?<![=!<>])=(?![=>])|<<=|>>=|\+\+|--|\b(?:delete|yield|eval)\b|native code`,
    String.raw`\.\s*(?:push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|add|set|delete|clear|next)\b`,
    String.raw`\b(?:assign|defineProperty|setPrototypeOf|asMutable)\b`,
  ].join('|'),
)

/** The same without methods of immutable.js, which change nothing. */
const REMEMBERED = /(?<![=!<>])=(?![=>])|\+\+|--|\.\s*(?:push|pop|shift|unshift|splice|next|asMutable)\b/

/**
 * Whether the text of a function of the model suggests that one of the functions in it remembers something, so that a
 * call that stops in the middle may leave something behind.
 */
export function mayRemember(source: object): boolean {
  return REMEMBERED.test(textOf(source).replaceAll(DECLARATION, ''))
}

/** Whether the text of a predicate suggests that it does something besides answering. Calls of functions may hide more. */
export const mayDoMore: (predicate: object) => boolean = remembered((text) =>
  CHANGE.test(text.replaceAll(DECLARATION, '')),
)

/** Strings and regular expressions are left out: what looks like an effect in one is none. */
const LITERAL = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g
const NAME = String.raw`(?<![\w$.#])([A-Za-z_$][\w$]*)`
const ASSIGNMENT = new RegExp(
  [
    String.raw`${NAME}\s*(?:\+\+|--|(?:[-+%&|^]|\*\*?|<<|>>>?|&&|\|\||\?\?)=(?!=))`,
    String.raw`(?:\+\+|--)\s*${NAME}\s*(?![\w$.[(])`,
    String.raw`(?:[;}]|=>|(?<![(,:=]\s*)\{)\s*${NAME}\s*=(?![=>])`,
  ].join('|'),
  'g',
)

/**
 * The outer variable that the text of a predicate assigns. Undefined if the text does not show one for sure: a name that
 * the predicate declares may be a variable of its own.
 */
export const visibleEffect: (predicate: object) => string | undefined = remembered((text) => {
  const code = text.replaceAll(LITERAL, "''")
  for (const [, one, other, third] of code.matchAll(ASSIGNMENT)) {
    const name = (one ?? other ?? third)!
    if (!mayDeclare(code, name)) return name
  }
  return undefined
})

/** Whether a name follows `const`, `let`, `var`, or is in parentheses or before `=>`, as parameters are. */
function mayDeclare(code: string, name: string): boolean {
  const word = String.raw`(?<![\w$])${name.replaceAll('$', '\\$')}(?![\w$])`
  return new RegExp(
    String.raw`\b(?:const|let|var)\b[^;=]*${word}|\b(?:let|var)\b[^;]*${word}|\([^()]*${word}[^()]*\)\s*(?:=>|\{)|${word}\s*=>`,
  ).test(code)
}

/**
 * Whether the text of a predicate shows that it only answers. It may call no function except a few that Kripke knows,
 * because the text of another function is out of reach. Methods count by their names, so a method `has` that changes
 * something escapes, and so does a getter.
 */
export const onlyAnswers: (predicate: object) => boolean = remembered((text) => {
  const body = text
    .replace(/^function\s+[\w$]+\s*\(/, 'function (')
    .replaceAll(/\(0,\s*[\w$]+\.([\w$]+)\)\s*\(/g, '$1(')
    .replaceAll(SIMPLE_DECLARATION, '')
  return !CHANGE.test(body) && !OTHER_EFFECT.test(body) && allCalls(body, isKnownCall)
})

const SIMPLE_DECLARATION = /\b(?:const|let)\s+(?:[\w$]+|\{[\w$\s,:]*\}|\[[\w$\s,]*\])\s*=(?![=>])/g
/** Hidden calls and assignments, and comments, which might hide what is before a parenthesis. */
const OTHER_EFFECT = new RegExp(
  [
    String.raw`\b(?:new|await|async|class|import|super|function\s*\*)\b|function\s*\*`,
    String.raw`\bfor\b(?!\s*\(\s*(?:const|let)\b)`,
    String.raw`//|/\*|\\u|\?\.\s*\(|[\w$)\]]\s*${'`'}`,
  ].join('|'),
)

const KEYWORDS = wordSet('if while for switch return typeof in case function catch void throw else instanceof')
const KNOWN_FUNCTIONS = wordSet('is Boolean Number String')
const KNOWN_NAMESPACES = wordSet('Math Number')
/** Methods that read a value, and call no function that they get. */
const READING = wordSet(
  `get has includes contains getIn hasIn first last isEmpty equals isSubset isSuperset indexOf lastIndexOf keyOf
   lastKeyOf keys values entries keySeq valueSeq entrySeq toArray toList toSet at join startsWith endsWith charAt
   charCodeAt toString isInteger`,
)
/** Methods that read a value, and call the function that they get first. */
const ASKING = wordSet(
  `some every find findLast findIndex findLastIndex findKey findEntry count filter filterNot map flatMap reduce maxBy
   minBy max min`,
)

const ARROW = String.raw`(?:\([^()]*\)|[\w$]+)\s*=>`
/** What follows the parenthesis of a method that gets a function: the function itself, or nothing. */
const OWN_FUNCTION = new RegExp(String.raw`^\s*(?:\)|${ARROW})`)
const OWN_PREDICATE = new RegExp(String.raw`^\s*(?:\{[^{}]*\}|[\w$.]+)\s*,\s*${ARROW}`)

function isKnownCall(before: string, after: string): boolean {
  const called = /(?:([\w$]*)(\??\.)\s*)?([\p{ID_Continue}$]+)$/u.exec(before)
  if (called === null) return !/[)\]}'"]$/.test(before)
  const [whole, object, dot, name] = called as unknown as [string, string, string | undefined, string]
  if (before.at(-whole.length - 1) === '#') return false
  if (dot === undefined) {
    if (name === 'exists' || name === 'every') return OWN_PREDICATE.test(after)
    return KEYWORDS.has(name) || KNOWN_FUNCTIONS.has(name)
  }
  if (KNOWN_NAMESPACES.has(object) || READING.has(name)) return true
  return ASKING.has(name) && OWN_FUNCTION.test(after)
}

/** Whether all parenthesis that may begin arguments meet a condition on the text before and after. */
function allCalls(text: string, condition: (before: string, after: string) => boolean): boolean {
  for (const { index } of text.matchAll(/\(/g)) {
    if (!condition(text.slice(0, index).trimEnd(), text.slice(index + 1))) return false
  }
  return true
}

/** Answers a question about a text once. */
function remembered<T>(question: (text: string) => T): (source: object) => T {
  const known = new Map<string, { readonly answer: T }>()
  return (source) => {
    const text = textOf(source)
    let found = known.get(text)
    if (found === undefined) known.set(text, (found = { answer: question(text) }))
    return found.answer
  }
}

function textOf(source: object): string {
  // JavaScript authors may give something else. Then the collection itself complains.
  return typeof source === 'function' ? Function.prototype.toString.call(source) : ''
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/))
}
