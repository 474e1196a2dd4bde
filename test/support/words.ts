/**
 * Finds words that make a reader read twice, and sentences that are too long.
 *
 * The patterns need no context: each is wrong wherever it stands. "As" in place of "because" is wrong too, but only a
 * reader can tell it from other uses of "as".
 */

export interface Finding {
  readonly place: string
  readonly line: number
  /** The words that were found, or the sentence. */
  readonly text: string
  readonly why: string
}

/** A piece of text in which each sentence is whole, and the line on which it begins. */
interface Passage {
  readonly line: number
  readonly text: string
}

export const MAX_WORDS = 25

/** Patterns to avoid, each with the reason and what to write instead. */
export const AVOIDED: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    pattern: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|fewer\b|other\b)/i,
    why: 'negate the verb: "is not a ..."',
  },
  { pattern: /\bknows? (?:nothing|little|no) /i, why: 'negate the verb: "does not know ..."' },
  { pattern: /\bin vain\b/i, why: 'say what failed: "without success", or "fails"' },
  { pattern: /\ball the same\b/i, why: 'write "but" or "still"' },
  { pattern: /\bfor ever\b/i, why: 'write "forever"' },
  { pattern: /\bthose (?:that|which|who)\b/i, why: 'name the things: "the states that ..."' },
  { pattern: /\bwhat is to be\b/i, why: 'use a noun, or say who must do it' },
  { pattern: /\b(?:is|are|was|were) to be \w+(?:ed|en)\b/i, why: 'say who must do it: "Kripke must ...", "run ..."' },
  { pattern: /\b(?:there comes?|came|comes?) to be\b/i, why: 'say what becomes true, or who makes it so' },
  { pattern: /\bso with\b/i, why: 'write "therefore", or a sentence of its own' },
  { pattern: /\bbut for\b(?! (?:each|every|all|a|an|any|one|example)\b)/i, why: 'write "except"' },
  { pattern: /\band yet\b/i, why: 'write "but"' },
  { pattern: /\bof which (?:one|some|none|each)\b/i, why: 'make two sentences' },
  { pattern: /\bwhether it be\b/i, why: 'write "whether it is"' },
  { pattern: /\bwhich is which\b/i, why: 'use the term: symmetry, orbit, permutation' },
  { pattern: /\bleft to itself\b/i, why: 'write "by default"' },
  { pattern: /\b(?:found|finds?|finding) out\b/i, why: 'write "detect" or "learn"' },
  { pattern: /\bof a sudden\b/i, why: 'write "suddenly"' },
  { pattern: /\breckon(?:s|ed|ing)?\b/i, why: 'write "count" or "include"' },
  { pattern: /\bgo(?:es)? over to\b/i, why: 'write "switch to"' },
  { pattern: /\bas much as there\b|\bwhat there is\b/i, why: 'name the things' },
  { pattern: /\bnone the less\b|\bnot but what\b|\bbe it\b/i, why: 'use a plain connective: "but", "whether"' },
  { pattern: /(?<=^|[.!?:] |['"`])Of (?!course\b)[^.!?]*?, /, why: 'put the main clause first, then "of ..."' },
]

/** The patterns that a text contains. */
function avoidedIn(place: string, { line, text }: Passage): Finding[] {
  return AVOIDED.flatMap(({ pattern, why }) => {
    const match = pattern.exec(text)
    return match === null ? [] : [{ place, line, text: around(text, match.index, match[0].length), why }]
  })
}

function around(text: string, at: number, length: number): string {
  return text.slice(Math.max(0, at - 30), at + length + 30).trim()
}

/** What is wrong with a page of Markdown: in all of its prose the words, and outside tables and headings the length. */
export function findingsInPage(place: string, markdown: string): Finding[] {
  return passagesOf(markdown).flatMap((passage) => {
    const isRunning = !/^(?:\||#)/.test(passage.text)
    return [...avoidedIn(place, passage), ...(isRunning ? longSentencesIn(place, passage) : [])]
  })
}

/**
 * What is wrong with the comments and string literals of a source file.
 *
 * Every pattern is several English words, so code cannot match it, and the whole text may be searched.
 */
export function findingsInSource(place: string, source: string): Finding[] {
  const lines = source.split('\n')
  const passages: { line: number; text: string }[] = []
  for (const [index, line] of lines.entries()) {
    const comment = /^\s*(?:\/\/|\/?\*+(?!\/))\s?(.*)$/.exec(line)
    const previous = passages.at(-1)
    const continues = comment !== null && /^\s*(?:\/\/|\*(?!\/))/.test(line) && isComment(lines[index - 1])
    const text = (comment?.[1] ?? line).trim()
    if (continues && previous !== undefined) previous.text += ` ${text}`
    else passages.push({ line: index + 1, text })
  }
  return passages.flatMap((passage) => avoidedIn(place, passage))
}

function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*(?:\/\/|\/?\*)/.test(line) && !line.trimEnd().endsWith('*/')
}

/** Paragraphs, list items, rows of tables and headings, without code blocks, HTML comments and the targets of links. */
function passagesOf(markdown: string): Passage[] {
  const blank = (text: string): string => text.replaceAll(/[^\n]/g, '')
  const prose = markdown.replaceAll(/^( *)```[^]*?^\1```$/gm, blank).replaceAll(/<!--[^]*?-->/g, blank)
  const passages: { line: number; text: string }[] = []
  let isOpen = false
  for (const [index, raw] of prose.split('\n').entries()) {
    const line = raw.trim()
    const isAlone = /^(?:\||#)/.test(line)
    if (line === '') isOpen = false
    else if (isOpen && !isAlone && !/^(?:[-*]|\d+\.) /.test(line)) passages.at(-1)!.text += ` ${line}`
    else {
      passages.push({ line: index + 1, text: line.replace(/^(?:[-*]|\d+\.) /, '') })
      isOpen = !isAlone
    }
  }
  return passages.map(({ line, text }) => ({ line, text: spoken(text) }))
}

/** A passage as a reader says it: without the targets of links, and with each piece of code or quotation as one word. */
function spoken(text: string): string {
  return text
    .replaceAll(/(`+).+?\1/g, 'code')
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/"[^"]*"/g, 'quotation')
    .replaceAll(/\*\*|(?<!\w)_|_(?!\w)/g, '')
    .trim()
}

function longSentencesIn(place: string, { line, text }: Passage): Finding[] {
  return sentencesOf(text).flatMap((sentence) => {
    const words = sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
    if (words <= MAX_WORDS) return []
    return [{ place, line, text: sentence, why: `has ${words} words; write at most ${MAX_WORDS}, one idea each` }]
  })
}

/** A sentence may begin with a name in lower case, so it ends at every full stop except that of an abbreviation. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?][)”]?)(?<!\b(?:e\.g|i\.e|et al|vs|[A-Z])\.)(?<!\.\.\.)\s+/)
}

/** A finding as a line of a report. */
export function shown({ place, line, text, why }: Finding): string {
  return `${place}:${line}: "${text}": ${why}`
}
