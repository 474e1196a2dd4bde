/**
 * Lets bundled packages find what Node gives to the files of a package: native addons, and where a file lies. Of this
 * the compiler keeps only what is imported.
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

/** The content of a file that asks where it lies, with the answer before it; undefined if it does not ask. */
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
  // On the first line, so that lines keep their numbers.
  return known.length === 0 ? undefined : `var ${known.join(', ')}; ${text}`
}
