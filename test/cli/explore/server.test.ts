/** The server of the explorer: who may ask, and what it refuses. */
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextFreePort, startServer, type ExploreServer } from '../../../src/cli/explore/server.ts'
import { badOption } from '../../../src/errors.ts'

let server: ExploreServer
let token = ''
beforeEach(async () => {
  server = await startServer({
    port: 0,
    token: 'a-token-that-only-this-test-knows',
    assets: new Map([
      ['/', { type: 'text/html', content: '<p>page</p>' }],
      ['/app.js', { type: 'text/javascript', content: '1' }],
    ]),
    answer: (name, body) => {
      if (name === 'fail') throw badOption('that is wrong', 'do this')
      if (name === 'break') throw new TypeError('a defect')
      return { name, body }
    },
  })
  token = new URL(server.address).searchParams.get('token')!
})
afterEach(() => server.close())

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
}

/** A request with these headers and no others. `fetch` does not let one choose the host. */
function ask({ method = 'POST', path = '/api/echo', headers = {}, body = '{}' }: Asked) {
  return new Promise<{ status: number; headers: { readonly [name: string]: unknown }; text: string }>(
    (resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, method, path, headers }
      const sent = httpRequest(options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
      })
      sent.on('error', reject)
      sent.end(method === 'GET' ? undefined : body)
    },
  )
}

const json = (): { readonly [name: string]: string } => ({
  'content-type': 'application/json',
  'x-kripke-token': token,
})

describe('the server of the explorer', () => {
  it('answers its own page', async () => {
    const { status, text } = await ask({ headers: json(), body: '{"path":["init"]}' })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({ name: 'echo', body: { path: ['init'] } })
  })

  it('listens on the loopback interface alone', () => {
    expect(new URL(server.address).hostname).toBe('127.0.0.1')
  })

  it.each<[string, () => Asked, number]>([
    ['no token', () => ({ headers: { 'content-type': 'application/json' } }), 403],
    ['another token', () => ({ headers: { ...json(), 'x-kripke-token': `${token.slice(1)}x` } }), 403],
    ['another host', () => ({ headers: { ...json(), host: `evil.example:${server.port}` } }), 403],
    ['another port', () => ({ headers: { ...json(), host: '127.0.0.1:1' } }), 403],
    ['another origin', () => ({ headers: { ...json(), origin: 'http://evil.example' } }), 403],
    ['the origin of a file', () => ({ headers: { ...json(), origin: 'null' } }), 403],
    ['text', () => ({ headers: { ...json(), 'content-type': 'text/plain' } }), 415],
    ['broken JSON', () => ({ headers: json(), body: '{' }), 400],
    ['too much', () => ({ headers: json(), body: JSON.stringify({ path: ['x'.repeat(2 ** 20)] }) }), 413],
    ['an unknown request', () => ({ headers: json(), path: '/etc/passwd' }), 404],
    ['another method', () => ({ method: 'DELETE', headers: json() }), 405],
    ['the page without a token', () => ({ method: 'GET', path: '/' }), 403],
    ['a file outside the page', () => ({ method: 'GET', path: '/package.json' }), 404],
  ])('refuses %s', async (_, asked, status) => {
    const answer = await ask(asked())
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.text)).toHaveProperty('error.message')
    expect(answer.text).not.toContain(token)
  })

  it('accepts its own origin and the name localhost', async () => {
    const headers = { ...json(), host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` }
    expect((await ask({ headers })).status).toBe(200)
  })

  it('tells errors of the spec apart from defects', async () => {
    const wrong = await ask({ headers: json(), path: '/api/fail' })
    expect([wrong.status, JSON.parse(wrong.text)]).toEqual([
      422,
      { error: { code: 'KR101', message: 'that is wrong', hint: 'do this' } },
    ])
    const broken = await ask({ headers: json(), path: '/api/break' })
    expect([broken.status, JSON.parse(broken.text)]).toMatchObject([500, { error: { code: 'KR901' } }])
  })

  it('lets the page load nothing from elsewhere', async () => {
    const { status, headers, text } = await ask({ method: 'GET', path: `/?token=${token}` })
    expect([status, text]).toEqual([200, '<p>page</p>'])
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
  })

  it('finds another port if one is in use', async () => {
    await expect(
      startServer({ port: server.port, token, assets: new Map(), answer: () => ({}) }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    const next = await nextFreePort(server.port)
    expect(next).toBeGreaterThan(server.port)
  })
})
