/**
 * Renews the pages and the schemas: what `<!-- generated -->` and `<!-- output of -->` comments ask for, and `schemas/*.json`.
 *
 *     npm run docs               # renews
 *     npm run docs -- --tables   # leaves out the sample outputs, which take a while
 *     npm run docs -- --check    # only says what is stale: status 1 if something is
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { blocksOf, folderFor, pagesOf, renewed } from './docs-pages.ts'
import { section } from './docs-sections.ts'
import { shownBy } from './kripke.ts'
import { DOCUMENTS, schemaText } from './schemas.ts'

const FLAG = { type: 'boolean', default: false } as const
const { values } = parseArgs({ options: { check: FLAG, tables: FLAG } })
const pages = pagesOf('.').map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const files = pages.flatMap(({ text }) => blocksOf(text, 'file'))
const folder = mkdtempSync(join(tmpdir(), 'kripke-docs-'))
try {
  for (const { of, text } of files) writeFileSync(join(folder, of), text)
  const output = async (args: string): Promise<string | undefined> =>
    values.tables ? undefined : shownBy(args.split(' '), folderFor(args, files, { root: '.', files: folder }))
  for (const { path, text } of pages) await write(path, text, await renewed(text, { section, output }))
} finally {
  rmSync(folder, { recursive: true })
}
mkdirSync('schemas', { recursive: true })
for (const name of Object.keys(DOCUMENTS)) {
  const path = `schemas/${name}.json`
  await write(path, existsSync(path) ? readFileSync(path, 'utf8') : '', await schemaText(name))
}

async function write(path: string, old: string, text: string): Promise<void> {
  if (text === old) return
  console.log(values.check ? `${path} is stale: npm run docs` : `${path} renewed`)
  if (values.check) process.exitCode = 1
  else writeFileSync(path, text)
}
