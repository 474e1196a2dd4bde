/** Measures the compiler's work for files, by its own counts. Call it in the root of the repository. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export interface Cost {
  /** The same on each machine, but not for each version of the compiler. */
  readonly instantiations: number
  readonly types: number
  readonly mebibytes: number
  /** Elapsed time, not processor time. */
  readonly seconds: number
}

/** The compiler, to run with node. */
export function compiler(): string {
  return join(dirname(createRequire(join(process.cwd(), 'package.json')).resolve('typescript/package.json')), 'bin/tsc')
}

/**
 * Checks files and their imports on one thread, because each thread of the compiler repeats some work.
 *
 * @param files - relative to the repository; if omitted, all files of `npm run types`, on several threads
 */
export function costOf(files?: readonly string[]): Cost {
  const root = process.cwd()
  const folder = mkdtempSync(join(root, 'test/types/.cost-'))
  try {
    const config = { extends: join(root, 'tsconfig.json'), files: files?.map((file) => join(root, file)), include: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const project = files === undefined ? [root] : [folder, '--singleThreaded']
    const options = ['--extendedDiagnostics', '--project', ...project]
    const { stdout, status } = spawnSync(process.execPath, [compiler(), ...options], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`The compiler must accept ${files?.join(', ') ?? 'all files'}:\n${stdout}`)
    const figure = (name: string): number => {
      const found = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(stdout)
      if (found === null) throw new Error(`The compiler must report "${name}":\n${stdout}`)
      return Number(found[1])
    }
    return {
      instantiations: figure('Instantiations'),
      types: figure('Types'),
      mebibytes: figure('Memory used') / 1024,
      seconds: figure('Total time'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
