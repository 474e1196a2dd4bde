import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as immutable from 'immutable'
import { expect, it } from 'vitest'
import { kripke } from './kripke.ts'

it('gives a spec immutable.js as it is: every name, the default, and classes by their names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kripke-test-'))
  try {
    const path = join(folder, 'printing.ts')
    writeFileSync(
      path,
      `import { model, range, schema, setOf, spec } from 'kripke'
import Immutable, * as all from 'immutable'
const State = schema({ ns: setOf(range(0, 3)) })
console.log(Object.keys(all).filter((name) => name !== 'default').sort().join())
console.log(String([Immutable.Map === all.Map, State().ns instanceof all.Set]))
console.log(Immutable.OrderedSet([1]), all.Seq([1]))
export default spec({ name: 'x', model: () => model(State, { init: State(), actions: { stay: (s) => s } }) })
`,
    )
    const { stderr } = await kripke(['check', path, '--quiet'])
    const names = Object.keys(immutable).filter((name) => name !== 'default' && name !== 'module.exports')
    expect(stderr.split('\n')[0]).toBe(names.toSorted().join())
    expect(stderr).toMatch(/^true,true$/m)
    expect(stderr).toMatch(/^OrderedSet \{[^]*^\} ArraySeq \{/m)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
