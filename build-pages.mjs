/** Builds the pages in `web`: the explorer, and the template of traces as one file. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync } from 'node:fs'
import { build } from 'esbuild'

const PAGE = {
  bundle: true,
  minify: true,
  metafile: true,
  format: 'esm',
  target: 'es2022',
  tsconfig: 'web/tsconfig.json',
}

/** Writes the page of `kripke explore`. */
export function explorer() {
  mkdirSync('dist/explore', { recursive: true })
  copyFileSync('web/index.html', 'dist/explore/index.html')
  return build({
    ...PAGE,
    entryPoints: { app: 'web/main.tsx', layout: 'web/graph/layout-worker.ts' },
    outdir: 'dist/explore',
  })
}

/** The template into which `src/report/trace-html.ts` puts traces. The page may run its own script, and load nothing. */
export async function tracePage(root = process.cwd()) {
  const { outputFiles } = await build({
    ...PAGE,
    absWorkingDir: root,
    entryPoints: { page: 'web/trace-view/trace-page.tsx' },
    outdir: 'dist/explore',
    write: false,
  })
  const output = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim()
  const [script, style] = [output('.js'), output('.css')]
  if (/<\/(?:script|style)/i.test(script + style)) throw new Error('the page would end its own script or style')
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const policy = `default-src 'none'; img-src data:; script-src ${hash(script)}; style-src ${hash(style)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="traces">{{traces}}</script>
<script type="module">${script}</script>
</body>
</html>
`
}
