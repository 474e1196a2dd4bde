/** `kripke init`: what it writes, when it does not, and that the written files work in a project of their own. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kripke, kripkeJson, ROOT, type Result } from './kripke.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const init = (name: string, cwd: string = folder): Promise<Result> => kripke(['init', name], { cwd })

/** The commands that the output says to go on with. */
function commands(stdout: string): string[] {
  return [...stdout.matchAll(/^ {2}(np[mx] .*?) {2,}/gm)].map((match) => match[1]!)
}

describe('kripke init', () => {
  it('writes a spec, its test and a tsconfig.json, and says how to go on', async () => {
    const { status, stdout, stderr } = await init('my-design')
    expect([status, stderr]).toEqual([0, ''])
    const files = ['my-design.ts', 'my-design.test.ts', 'tsconfig.json']
    expect(readdirSync(folder).toSorted()).toEqual(files.toSorted())
    for (const file of files) expect(stdout).toMatch(new RegExp(`^wrote ${file}$`, 'm'))
    expect(commands(stdout)).toEqual([
      'npm install --save-dev kripke vitest',
      'npx kripke check my-design.ts',
      'npx vitest run my-design.test.ts',
    ])
    expect(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('')).not.toMatch('last-put')
  })

  it('names only the packages that package.json lacks', async () => {
    writeFileSync(join(folder, 'package.json'), '{ "devDependencies": { "vitest": "^4" } }')
    expect(commands((await init('first')).stdout)).toContain('npm install --save-dev kripke')
    writeFileSync(
      join(folder, 'package.json'),
      '{ "dependencies": { "kripke": "1" }, "devDependencies": { "vitest": "4" } }',
    )
    expect(commands((await init('second')).stdout).join()).not.toMatch('npm install')
    mkdirSync(join(folder, 'specs'))
    expect(commands((await init('third', join(folder, 'specs'))).stdout).join()).not.toMatch('npm install')
  })

  it('keeps the tsconfig.json of the project', async () => {
    writeFileSync(join(folder, 'tsconfig.json'), '{}')
    expect((await init('here')).status).toBe(0)
    expect(readFileSync(join(folder, 'tsconfig.json'), 'utf8')).toBe('{}')
    // That of a folder above counts only within the same project.
    const inner = join(folder, 'inner')
    mkdirSync(join(inner, 'specs'), { recursive: true })
    writeFileSync(join(inner, 'package.json'), '{}')
    expect((await init('inside', join(inner, 'specs'))).stdout).toMatch(/^wrote tsconfig.json$/m)
    rmSync(join(inner, 'specs/tsconfig.json'))
    writeFileSync(join(inner, 'tsconfig.json'), '{}')
    expect((await init('again', join(inner, 'specs'))).stdout).toMatch(/^kept \.\.\/tsconfig.json$/m)
    expect(readdirSync(join(inner, 'specs'))).not.toContain('tsconfig.json')
  })

  it.each([
    ['my-design.ts', () => writeFileSync(join(folder, 'my-design.ts'), 'mine')],
    ['my-design.test.ts', () => mkdirSync(join(folder, 'my-design.test.ts'))],
    ['my-design.test.ts', () => symlinkSync('/nowhere/at/all', join(folder, 'my-design.test.ts'))],
  ])('writes nothing if there is %s', async (file, make) => {
    make()
    const { status, stdout, stderr } = await init('my-design')
    expect([status, stdout]).toEqual([151, ''])
    expect(stderr).toMatch(/^error KR101: /)
    expect(stderr).toContain(file)
    expect(readdirSync(folder)).toEqual([file])
    if (file === 'my-design.ts') expect(readFileSync(join(folder, file), 'utf8')).toBe('mine')
  })

  it.each([
    ['MyDesign', 'kripke init my-design'],
    ['my_design', 'kripke init my-design'],
    ['my-design.ts', 'kripke init my-design'],
    ['my-design.test.ts', 'kripke init my-design'],
    ['2-phase', 'kripke init phase'],
    ['-', 'kripke init my-design'],
    ['', 'kripke init my-design'],
    ['specs/MyDesign.ts', 'cd specs && npx kripke init my-design'],
    ['../up', 'cd .. && npx kripke init up'],
    ['con', 'kripke init my-con'],
    ['kripke', 'kripke init my-kripke'],
  ])('refuses the name %j, with a better one', async (name, hint) => {
    const { status, stderr } = await init(name)
    expect(status).toBe(151)
    expect(stderr).toMatch(/^error KR101: /)
    expect(stderr).toMatch(new RegExp(`^ {2}hint: .*${hint}$`, 'm'))
    expect(readdirSync(folder)).toEqual([])
  })

  it('writes files that work: the spec has a bug and a fix, the types are right, and the tests pass', async () => {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(ROOT, join(folder, 'node_modules/kripke'))
    symlinkSync(join(ROOT, 'node_modules/vitest'), join(folder, 'node_modules/vitest'))
    await init('my-design')

    const { status, document } = await kripkeJson(['check', 'my-design.ts'], { cwd: folder })
    expect(status).toBe(12)
    expect(document).toMatchObject({ spec: 'my-design', traces: [{ property: 'noUseAfterFree' }] })
    // As many as the comment at the head of the spec says, after the initial state.
    expect(document.traces[0].steps).toHaveLength(5)
    expect((await kripke(['check', 'my-design.ts', '-c', 'get=unless-zero', '--strict'], { cwd: folder })).status).toBe(
      0,
    )

    const tool = (path: string, ...args: string[]): { status: number | null; output: string } => {
      const ran = spawnSync(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
        cwd: folder,
        encoding: 'utf8',
      })
      return { status: ran.status, output: ran.stdout + ran.stderr }
    }
    expect(tool('typescript/bin/tsc')).toEqual({ status: 0, output: '' })
    expect(tool('vitest/vitest.mjs', 'run', 'my-design.test.ts')).toMatchObject({
      status: 0,
      output: expect.stringMatching(/2 passed/),
    })
  })
})
