/**
 * Renews the parts of a page that come from the program. A page marks them:
 *
 *     <!-- generated: options of check -->    up to    <!-- end -->
 *     <!-- output of: check my-design.ts -->  above a code block
 *     <!-- file: my-design.ts -->             above a code block: a file for the commands of all pages
 */
import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'

/** How the parts of a page are made. */
export interface Sources {
  /** The Markdown of a generated section. */
  readonly section: (name: string) => string
  /** What `kripke` prints for some arguments; undefined to keep what the page shows. */
  readonly output: (args: string) => Promise<string | undefined>
}

/** A code block below a comment. */
export interface Block {
  /** What the comment says: the name of a file, or the arguments of a command. */
  readonly of: string
  readonly text: string
}

/** The pages, by their paths from the project's root. */
export function pagesOf(root: string): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).toSorted()
  return [
    'README.md',
    'CONTRIBUTING.md',
    ...docs.map((path) => `docs/${path.replaceAll('\\', '/')}`).filter((path) => path.endsWith('.md')),
  ]
}

/** The code blocks of a page below comments of a kind. @throws {Error} if a comment is not above a code block */
export function blocksOf(page: string, kind: 'file' | 'output of' | 'document'): Block[] {
  const found = [...page.matchAll(blockPattern(kind))].map((match) => ({ of: match[2]!, text: match[3]! }))
  requireAll(page, `<!-- ${kind}: `, found.length)
  return found
}

/** Where a command runs: in the folder with the files of all pages if it names one, or in a new one if it writes files. */
export function folderFor(
  args: string,
  files: readonly Block[],
  folders: { readonly root: string; readonly files: string },
): string {
  if (args.startsWith('init ')) return mkdtempSync(join(folders.files, 'init-'))
  return files.some(({ of }) => args.includes(of)) ? folders.files : folders.root
}

function blockPattern(kind: string): RegExp {
  return new RegExp(`(<!-- ${kind}: (.*?) -->\\s+(?:<!-- prettier-ignore -->\\s+)?\`\`\`\\w+\\n)([^]*?)(\`\`\`)`, 'g')
}

/** The page with its parts as they are now. A block whose times alone differ stays. */
export async function renewed(page: string, sources: Sources): Promise<string> {
  const withSections = await replaced(page, /(<!-- generated: (.*?) -->\n)([^]*?)(<!-- end -->)/g, async (name) =>
    formatted(sources.section(name)),
  )
  requireAll(page, '<!-- generated: ', page.split('<!-- end -->').length - 1)
  blocksOf(page, 'output of')
  return replaced(withSections, blockPattern('output of'), async (args, old) => {
    const output = await sources.output(args)
    return output === undefined || timeless(output) === timeless(old) ? old : output
  })
}

/** Replaces the third group of each match by what `write` makes of the second and the third. */
async function replaced(
  text: string,
  pattern: RegExp,
  write: (name: string, old: string) => Promise<string>,
): Promise<string> {
  const out: string[] = []
  let end = 0
  for (const match of text.matchAll(pattern)) {
    const [whole, before, name, old, after] = match
    out.push(text.slice(end, match.index), before!, await write(name!, old!), after!)
    end = match.index + whole.length
  }
  return [...out, text.slice(end)].join('')
}

/** As `.prettierrc.json` has it for Markdown. */
const MARKDOWN = { printWidth: 100, proseWrap: 'always', semi: false, singleQuote: true } as const

/** Markdown as `npm run format` leaves it, between blank lines. */
async function formatted(markdown: string): Promise<string> {
  return `\n${await format(markdown, { parser: 'markdown', ...MARKDOWN })}\n`
}

function requireAll(page: string, comment: string, found: number): void {
  const expected = page.split(comment).length - 1
  if (found !== expected) throw new Error(`${expected} comments ${comment}..., but ${found} with something below`)
}

/** The text without what depends on the machine: times, rates and the memory of the process. */
export function timeless(text: string): string {
  let dropped: readonly number[] = []
  return text
    .split('\n')
    .map((line) => {
      const cells = line.trim().split(/ {2,}/)
      if (cells.includes('seconds')) {
        dropped = cells.flatMap((cell, index) => (['seconds', 'states/s'].includes(cell) ? [index] : []))
      } else if (line === '') dropped = []
      return dropped.length === 0 ? line : cells.filter((_, index) => !dropped.includes(index)).join('  ')
    })
    .join('\n')
    .replaceAll(/\b\d+\.\d+ s\b/g, '0 s')
    .replaceAll(/("(?:seconds|statesPerSecond|peakMemoryBytes)": )[\d.]+/g, '$10')
}
