import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import { setUpOwner } from './fixtures/people.ts'

const token = 'a-token-of-thirty-two-characters'

let watched: ComposedServer
let plain: ComposedServer

beforeAll(async () => {
  ;[watched, plain] = await Promise.all([composeServer({ METRICS_TOKEN: token }), composeServer()])
})
afterAll(() => Promise.all([watched.stop(), plain.stop()]))

type Said = { readonly status: number; readonly body: string; readonly headers: Record<string, string> }

/** What came, without what differs between any two answers. */
async function ask(
  { origin }: ComposedServer,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Said> {
  const response = await fetch(`${origin}${path}`, { method, headers })
  const own = Object.fromEntries(response.headers)
  const id = own['x-request-id'] ?? 'none'
  const { 'x-request-id': _id, date: _date, 'content-length': _length, ...kept } = own
  const body = (await response.text()).replaceAll(id, 'ID')
  return { status: response.status, body, headers: kept }
}

/** As they begin their lines: with labels, or without. */
const gauges = [
  'gatehouse_posture_claims{',
  'gatehouse_delivery_waiting{',
  'gatehouse_delivery_lag_seconds{',
  'gatehouse_jobs_waiting ',
  'gatehouse_audit_unsigned_seconds ',
  'gatehouse_check_lateness_seconds ',
]

const bearer = (text: string) => ({ authorization: `Bearer ${text}` })
const page = { accept: 'text/html' }

/** The figures of one metric by what stands in its braces. */
function figures(text: string, name: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').flatMap((line) => {
    const [, one, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    return one === name ? [[labels, Number(value)] as const] : []
  })
  return new Map(lines)
}

describe('/metrics', () => {
  it('metrics-are-a-404-without-their-token: in the words of any unknown path, to programs and to browsers', async () => {
    const cases: [headers: Readonly<Record<string, string>>, method?: string][] = [
      [{}],
      [page],
      [bearer(`${token}x`)],
      [bearer(token.slice(1))],
      [{ 'x-api-key': token }],
      [{ authorization: `Basic ${token}` }],
      [bearer(token), 'POST'],
      [bearer(token), 'DELETE'],
    ]
    for (const [headers, method] of cases) {
      const unknown = await ask(watched, '/metricz', headers, method)
      expect(unknown.status).toBe(404)
      expect(await ask(watched, '/metrics', headers, method)).toEqual(unknown)
    }
    expect((await ask(plain, '/metrics', bearer(token))).status).toBe(404)
    expect(await ask(watched, `/metrics?token=${token}`)).toEqual(await ask(watched, '/metricz?token=x'))
    const document = await ask(watched, '/openapi.json')
    expect(document.body).not.toContain('"/metrics"')
    const told = await ask(watched, '/metrics', bearer(token))
    expect(told.status).toBe(200)
    expect(told.headers['content-type']).toMatch(/^text\/plain; version=/)
    expect((await ask(watched, '/metrics', bearer(token), 'HEAD')).status).toBe(200)
  })

  it('metrics-count-requests-gate-and-limits-by-route-template-and-name-nobody', async () => {
    const owner = await setUpOwner(watched.client, watched.ownerToken)
    await watched.client.ask('/dashboard/api-keys', { credential: owner.accessToken })
    const path = '/api/v1/monitors/0190a5d0-0000-7000-8000-000000000000'
    expect((await ask(watched, path, bearer('mk_a-key-that-nobody-made'))).status).toBe(401)
    const { body } = await ask(watched, '/metrics', bearer(token))
    const requests = figures(body, 'gatehouse_requests_total')
    expect(requests.get('method="GET",route="/dashboard/api-keys",status="200"')).toBe(1)
    const refused = [...requests.keys()].filter((labels) => labels.includes('/api/v1/monitors/'))
    expect(refused).toEqual(['method="GET",route="/api/v1/monitors/{id}",status="401"'])
    expect(
      figures(body, 'gatehouse_request_seconds_count').get('method="GET",route="/dashboard/api-keys"'),
    ).toBe(1)
    const gate = figures(body, 'gatehouse_gate_total')
    expect(gate.get('outcome="accepted",why="member"') ?? 0).toBeGreaterThan(0)
    expect([...gate.keys()].filter((labels) => labels.startsWith('outcome="refused"'))).toHaveLength(1)
    const limits = figures(body, 'gatehouse_limit_decisions_total')
    expect(limits.get('rule="dashboard-user",decision="admitted"') ?? 0).toBeGreaterThan(0)
    for (const secret of [token, owner.accessToken, '0190a5d0']) expect(body).not.toContain(secret)
  })

  it('metrics-tell-how-queues-checks-feeds-and-chains-stand', async () => {
    // On a busy machine a gauge is left out for once, so that the others are told.
    const body = await eventually('every gauge was read', async () => {
      watched.passMinute()
      const said = (await ask(watched, '/metrics', bearer(token))).body
      return gauges.every((name) => said.includes(`\n${name}`)) ? said : undefined
    })
    const waiting = figures(body, 'gatehouse_delivery_waiting')
    for (const queue of ['webhooks', 'mail']) expect([...waiting.keys()]).toContain(`queue="${queue}"`)
    expect([...figures(body, 'gatehouse_delivery_lag_seconds').keys()]).toEqual([...waiting.keys()])
    for (const name of [
      'gatehouse_jobs_waiting',
      'gatehouse_audit_unsigned_seconds',
      'gatehouse_check_lateness_seconds',
    ])
      expect(figures(body, name).get('') ?? -1).toBeGreaterThanOrEqual(0)
    const claims = figures(body, 'gatehouse_posture_claims')
    expect([...claims.keys()]).toEqual(
      ['holds', 'fails', 'unknown', 'stated', 'overdue'].map((verdict) => `verdict="${verdict}"`),
    )
    // Nothing was probed here yet: what is unknown is told as unknown.
    expect([claims.get('verdict="holds"'), claims.get('verdict="unknown"')]).toEqual([0, expect.any(Number)])
    expect(claims.get('verdict="unknown"')).toBeGreaterThan(70)
    // Nobody feeds this server, so that there is nothing that could be stale.
    expect(body).toContain('# TYPE gatehouse_feed_staleness_seconds gauge')
  })

  it('the guide names every metric of ours, and none that is not there', async () => {
    const { body } = await ask(watched, '/metrics', bearer(token))
    const served = [...body.matchAll(/^# TYPE (gatehouse_\w+) /gm)].map(([, name]) => name)
    const guide = await readFile(new URL('../../../docs/guides/metrics.md', import.meta.url), 'utf8')
    const named = [...guide.matchAll(/^\| `(gatehouse_\w+)` /gm)].map(([, name]) => name)
    expect(new Set(named)).toEqual(new Set(served))
  })
})
