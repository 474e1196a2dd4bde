/** `kripke check --cluster` with a real server: the results are those of one process. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL } from '../../support/amount.ts'
import { VARIANTS } from '../../support/variants.ts'
import { kripke, kripkeJson } from '../kripke.ts'
import { FaultyProxy } from './proxy.ts'
import { checking, HAS_SERVER, TestCluster } from './processes.ts'

/** Explores for some seconds on two workers. */
const LONG = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=7', '--symmetry', 'off']

describe.skipIf(!HAS_SERVER)('a cluster on NATS', { timeout: 120_000 }, () => {
  let cluster: TestCluster
  let expected: unknown
  beforeAll(async () => {
    cluster = await TestCluster.start(2)
    expected = await checking([...LONG, '--engine', 'explicit', '--workers', '1']).result
  })
  afterAll(async () => await cluster.stop())

  const onCluster = (...more: readonly string[]): string[] => ['--cluster', cluster.url, '--lost-after', '2s', ...more]

  const SPECS = ALL ? Object.keys(VARIANTS) : ['classic/dining-philosophers.ts', 'poison-recovery.ts']

  it.each(SPECS)('checks %s', async (path) => {
    const args = [`specs/${path}`, '--continue']
    const alone = await checking([...args, '--engine', 'explicit', '--workers', '1']).result
    expect(await checking([...args, ...onCluster('--nodes', '2')]).result).toEqual(alone)
  })

  it('goes on if a worker is killed in the middle', async () => {
    const worker = await cluster.startWorker()
    const check = checking([...LONG, ...onCluster('--nodes', '3')])
    await check.begun
    expect(check.child.exitCode).toBeNull()
    worker.kill('SIGKILL')
    expect(await check.result).toEqual(expected)
  })

  it('gives work to a worker that joins late', async () => {
    const check = checking([...LONG, ...onCluster('--nodes', '2')])
    await check.begun
    const worker = await cluster.startWorker()
    expect(await check.result).toEqual(expected)
    worker.kill('SIGTERM')
  })

  it('goes on if the server is killed and started again', async () => {
    const check = checking([...LONG, ...onCluster('--nodes', '2')])
    await check.begun
    await cluster.killServer()
    expect(check.child.exitCode).toBeNull()
    await cluster.startServer()
    expect(await check.result).toEqual(expected)
  })

  it('goes on in another process if the check is killed', async () => {
    const run = ['--run', 'continued', '--nodes', '2']
    const first = checking([...LONG, ...onCluster(...run)])
    await first.begun
    first.child.kill('SIGKILL')
    await first.result
    const { stdout } = await kripke(['cluster', 'status', '--nats', cluster.url])
    expect(stdout).toContain('run continued: has lost its coordinator')
    const other = ['specs/classic/die-hard.ts', ...onCluster(...run)]
    expect(await kripke(['check', ...other])).toMatchObject({
      status: 153,
      stderr: expect.stringContaining('must be of the same spec and options'),
    })
    expect(await checking([...LONG, ...onCluster(...run)]).result).toEqual(expected)
  })

  it('counts messages once that arrive twice, late, or in another order', async () => {
    const proxy = await FaultyProxy.start(cluster.port, 1)
    const worker = await cluster.startWorker(proxy.port)
    expect(await checking([...LONG, ...onCluster('--nodes', '3')]).result).toEqual(expected)
    expect(proxy.repeated).toBeGreaterThan(10)
    worker.kill('SIGKILL')
    proxy.stop()
  })

  it('goes on with a run that was interrupted and kept', async () => {
    const run = [...LONG, ...onCluster('--nodes', '2', '--run', 'kept', '--keep')]
    const first = checking(run)
    await first.begun
    first.child.kill('SIGINT')
    expect(await first.result).toMatchObject({ status: 130, document: { verdict: 'incomplete' } })
    expect(await checking(run).result).toEqual(expected)
    const { stdout } = await kripke(['cluster', 'cancel', 'kept', '--nats', cluster.url])
    expect(stdout).toBe('kept: removed\n')
  })

  it('explores two models at once', async () => {
    const one = checking([...LONG, ...onCluster('--nodes', '2')])
    const two = checking([...LONG, ...onCluster('--nodes', '2')])
    expect(await one.result).toEqual(expected)
    expect(await two.result).toEqual(expected)
  })

  it('lists runs and workers, cancels a run, and removes its streams', async () => {
    const longer = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=9', '--symmetry', 'off']
    const check = checking([...longer, ...onCluster('--nodes', '2', '--run', 'listed')])
    await check.begun
    const { document } = await kripkeJson(['cluster', 'status', '--nats', cluster.url])
    expect(document.runs).toMatchObject([{ run: 'listed', spec: 'two-phase-commit', nodes: 2 }])
    expect(document.workers).toHaveLength(2)
    const { stdout } = await kripke(['cluster', 'cancel', 'listed', '--nats', cluster.url])
    expect(stdout).toBe('listed: cancelled\n')
    expect(await check.result).toMatchObject({ status: 143, document: { verdict: 'incomplete' } })
    const after = await kripkeJson(['cluster', 'status', '--nats', cluster.url])
    expect(after.document).toMatchObject({ runs: [], left: [] })
  })

  it('leaves a run alone that belongs to another check', async () => {
    const check = checking([...LONG, ...onCluster('--nodes', '2', '--run', 'taken')])
    await check.begun
    // The same spec with other constants, and another spec.
    const [spec] = LONG
    for (const other of [[spec!], ['specs/classic/die-hard.ts']]) {
      const { status, stderr } = await kripke(['check', ...other, ...onCluster('--run', 'taken')])
      expect([status, stderr]).toEqual([153, expect.stringContaining('must be of the same spec and options')])
    }
    expect(await check.result).toEqual(expected)
  })

  it('leaves a run to one of two checks', async () => {
    const longer = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=8', '--symmetry', 'off']
    const alone = await checking([...longer, '--engine', 'explicit', '--workers', '1']).result
    const run = [...longer, ...onCluster('--nodes', '2', '--run', 'handed')]
    const first = checking(run)
    await first.begun
    const second = checking(run)
    // Whose command comes first goes on. The other one leaves the run on the server.
    const results = [await first.result, await second.result]
    const [loser, winner] = results.sort((a, b) => Number(b.status) - Number(a.status))
    expect(loser).toMatchObject({ status: 153, document: { error: { code: 'KR115' } } })
    expect(winner).toEqual(alone)
  })

  it('ends in time, or at Ctrl-C, although the server is gone', async () => {
    const gone = await TestCluster.start(1)
    const longer = ['specs/classic/two-phase-commit.ts', '-c', 'resourceManagers=9', '--symmetry', 'off']
    const run = [...longer, '--cluster', gone.url]
    const timed = checking([...run, '--timeout', '6s'])
    const stopped = checking(run)
    await Promise.all([timed.begun, stopped.begun])
    await gone.killServer()
    const beganMs = performance.now()
    stopped.child.kill('SIGINT')
    expect(await stopped.result).toMatchObject({ status: 130, document: { verdict: 'incomplete' } })
    expect(await timed.result).toMatchObject({ status: 124, document: { verdict: 'incomplete' } })
    expect(performance.now() - beganMs).toBeLessThan(20_000)
    await gone.stop()
  })

  it('ignores messages that are no announcements', async () => {
    const { connect } = await import('@nats-io/transport-node')
    const connection = await connect({ servers: cluster.url })
    const worker = await cluster.startWorker()
    let printed = ''
    worker.stderr!.on('data', (text: string) => (printed += text))
    for (const text of ['hello', 'null', '{"run":']) {
      connection.publish('kripke.runs', text)
      connection.publish('kripke.workers', text)
    }
    await connection.flush()
    const { status } = await kripke(['cluster', 'status', '--nats', cluster.url])
    expect([status, printed]).toEqual([0, ''])
    worker.kill('SIGTERM')
    await connection.close()
  })

  it('tells that the server has no streams, and exits', async () => {
    const plain = await TestCluster.start(0, [])
    const { status, stderr } = await kripke(['cluster', 'status', '--nats', plain.url])
    expect([status, stderr]).toEqual([153, expect.stringContaining('must answer and have JetStream')])
    await plain.stop()
  })

  it('lets a worker stop although the server is gone', async () => {
    const lonely = await TestCluster.start(0)
    const worker = await lonely.startWorker()
    await lonely.killServer()
    worker.kill('SIGTERM')
    const status = await new Promise((resolve) => {
      worker.once('close', resolve)
    })
    expect(status).toBe(0)
    await lonely.stop()
  })

  it('refuses what it cannot do', async () => {
    const errorOf = async (...args: readonly string[]): Promise<string> => (await kripke(['check', ...args])).stderr
    const spec = 'specs/classic/two-phase-commit.ts'
    expect(await errorOf(spec, ...onCluster('--por', 'on'))).toContain('without partial-order reduction')
    expect(await errorOf(spec, ...onCluster('--engine', 'symbolic'))).toContain('must explore with the explicit engine')
    expect(await errorOf(spec, ...onCluster('--disk', 'run'))).toContain('--disk must be given without --cluster')
    expect(await errorOf(spec, ...onCluster('--workers', '2'))).toContain('--workers must be given without --cluster')
    expect(await errorOf(spec, ...onCluster('--nodes', '65'))).toContain('--nodes must be from 1 to 64, but is 65')
    expect(await errorOf(spec, '--nodes', '2')).toContain('--nodes must be given with --cluster')
    expect(await errorOf(spec, '--cluster', 'nats://127.0.0.1:1')).toContain('must answer and have JetStream')
  })
})
