/**
 * Lets bundled packages find their native addons and the paths of their own files, as under Node. Without it, the compiler
 * keeps only imported files.
 */
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { FILE_URL } from './bundle-options.ts'

export const nodeModules: Plugin = {
  name: 'node-modules',
  setup({ onLoad }) {
    onLoad({ filter: /\.node$/, namespace: 'file' }, ({ path }) => {
      const file = JSON.stringify(path)
      return { contents: `module.exports = process.getBuiltinModule('node:module').createRequire(${file})(${file})` }
    })
  },
}

/** The content of a file that uses its own path, after a definition of that path; undefined if it does not use it. */
export function placed(path: string, contents: Buffer): string | undefined {
  if (!/\.[cm]?[jt]sx?$/.test(path)) return undefined
  const text = contents.toString()
  if (text.startsWith('#!')) return undefined
  const url = text.includes('import.meta.url') ? [`${FILE_URL} = ${JSON.stringify(pathToFileURL(path).href)}`] : []
  // An ES module does not have these names, and may define them itself.
  const isModule = text.includes('import.meta') || /^\s*(?:import|export)\b/m.test(text)
  const names = Object.entries({ __filename: path, __dirname: dirname(path) }).filter(
    ([name]) => !isModule && text.includes(name),
  )
  const known = [...url, ...names.map(([name, value]) => `${name} = ${JSON.stringify(value)}`)]
  // On the first line, so that line numbers do not change.
  return known.length === 0 ? undefined : `var ${known.join(', ')}; ${text}`
}
