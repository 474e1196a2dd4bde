/** The docs name files of the source by their paths; every such path leads somewhere. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pagesOf } from '../../scripts/docs-pages.ts'
import { ROOT } from '../cli/kripke.ts'

const PAGES = pagesOf(ROOT).filter((path) => path !== 'README.md')

/** Paths in backticks that begin with a folder of the repository. `NAME` stands for a name that the reader chooses. */
function pathsIn(text: string): string[] {
  const paths = [...text.matchAll(/`((?:src|test|scripts|bench)(?:\/[\w.-]+)+)`/g)].map((match) => match[1]!)
  return paths.filter((path) => !path.includes('NAME'))
}

function missing(text: string): string[] {
  return pathsIn(text).filter((path) => !existsSync(join(ROOT, path)))
}

describe('the documentation of the source', () => {
  it.each(PAGES)('names only files that exist: %s', (page) => {
    expect(missing(readFileSync(join(ROOT, page), 'utf8'))).toEqual([])
  })

  it('would be seen to name a file that does not exist', () => {
    expect(missing('`src/engine/engine.ts`, `src/engine/gone.ts`, `test/gone`, `src/cli/commands/NAME.ts`')).toEqual([
      'src/engine/gone.ts',
      'test/gone',
    ])
  })

  it('has a page for every layer, and the entry links to it', () => {
    const layers = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const entry = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8')
    for (const { name } of layers) {
      expect(PAGES).toContain(`docs/architecture/${name}.md`)
      expect(entry).toContain(`(architecture/${name}.md)`)
    }
  })

  it('links only to sections that exist', () => {
    for (const page of PAGES) {
      for (const [, target, section] of readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)) {
        const path = target === '' ? page : join(dirname(page), target!)
        const headings = [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!)
        expect(headings.map(slug), `${page} links to ${target}#${section}`).toContain(section)
      }
    }
  })
})

/** The name that GitHub gives the section of a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
