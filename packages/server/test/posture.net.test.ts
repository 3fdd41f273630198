import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type ComposedServer, composeServer } from './fixtures/compose-server.ts'
import { makeOwnClaims, turnable } from './fixtures/own-claims.ts'
import { proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'
import { type Listener, listenWebhooks, type Received } from './fixtures/sinks.ts'

const run = promisify(execFile)
/** A run makes two organisations and takes them away, which a busy machine is slow at. */
const patienceMs = 500_000
vi.setConfig({ testTimeout: patienceMs, hookTimeout: patienceMs })

const steady = turnable()
const turning = turnable()
const received: Received[] = []
let folder: string
let sink: Listener
let server: ComposedServer
let ann: SignedIn
let headers: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-posture-'))
  sink = await listenWebhooks(received)
  const deviations = join(folder, 'deviations.json')
  const declared = { reason: 'Receivers of ours', owner: 'operations', retireBy: '2029-01-31' }
  await writeFile(deviations, JSON.stringify({ GATEHOUSE_EGRESS_ALLOW: declared }))
  server = await composeServer(
    {
      GATEHOUSE_ADMINS: 'ann@example.com',
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${sink.port}`,
      GATEHOUSE_DEVIATIONS: deviations,
    },
    { claims: makeOwnClaims({ 'own.steady': steady.find, 'own.turning': turning.find }) },
  )
  ann = await setUpOwner(server.client, server.ownerToken)
  headers = await proveAnew(server.client, ann)
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
  await rm(folder, { recursive: true, force: true })
})

type Run = {
  readonly id: string
  readonly state: string
  readonly done: number
  readonly results: readonly unknown[]
}
type PostureSet = {
  readonly summary: Readonly<Record<string, number>>
  readonly claims: readonly {
    readonly id: string
    readonly verdict: string
    readonly evidence: object | null
  }[]
}

const read = () => server.client.ask<PostureSet>('/.well-known/posture.json')
const verdictOf = async (id: string) => (await read()).claims.find((claim) => claim.id === id)?.verdict

/** Asks for a run, and waits until it is over. */
async function probe(claims?: readonly string[]): Promise<Run> {
  // Runs are looked at more often than a person may in a minute.
  server.passMinute()
  const asAdmin = { credential: ann.accessToken, headers }
  const { run: asked } = await server.client.ask<{ run: Run }>('/admin/posture/runs', {
    ...asAdmin,
    body: claims === undefined ? {} : { claims },
  })
  const look = async () =>
    (await server.client.ask<{ run: Run }>(`/admin/posture/runs/${asked.id}`, asAdmin)).run
  await expect.poll(async () => (await look()).state, { timeout: patienceMs, interval: 1_000 }).toBe('done')
  return look()
}

async function verify(document: string): Promise<{ readonly code: number; readonly said: string }> {
  const files = [
    join(folder, 'posture.json'),
    join(folder, 'keys.json'),
    join(folder, 'verify-posture.mjs'),
  ] as const
  await writeFile(files[0], document)
  await writeFile(files[1], (await server.client.send('/.well-known/gatehouse-keys.json')).text)
  await writeFile(files[2], (await server.client.send('/.well-known/verify-posture.mjs')).text)
  return run(process.execPath, [files[2], files[0], files[1]]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  )
}

it('what nobody has probed is unknown, and what no probe can decide is stated', async () => {
  const { summary, claims } = await read()
  expect(summary).toEqual({ verified: 2, holds: 0, fails: 0, unknown: 2, stated: 1, overdue: 0 })
  expect(claims.map(({ verdict, evidence }) => [verdict, evidence])).toEqual([
    ['unknown', null],
    ['unknown', null],
    ['stated', null],
  ])
  expect((await server.client.send('/security/badge.svg')).text).toContain('no evidence yet')
})

it('a run that an administrator asks for says how far it has come, and each result is an entry of the chain', async () => {
  expect(await probe()).toMatchObject({ state: 'done', done: 2, total: 2, probing: null })
  expect((await read()).summary).toMatchObject({ verified: 2, holds: 2 })
  const { rows } = await server.db.pool.query<{ payload: string }>(
    `SELECT payload FROM gatehouse.audit_entry WHERE event_type = 'posture.probe' ORDER BY seq`,
  )
  expect(rows.map(({ payload }) => JSON.parse(payload) as object)).toMatchObject([
    { resource_id: 'own.steady', detail: { verdict: 'holds' } },
    { resource_id: 'own.turning', detail: { verdict: 'holds' } },
  ])
})

it('nobody but an administrator can ask for a run, and not of a claim that is none', async () => {
  const body = { claims: ['own.steady'] }
  const asked = await server.client.send('/admin/posture/runs', {
    credential: ann.accessToken,
    headers,
    body: { claims: ['own.stated', 'own.steady'] },
  })
  expect([asked.status, asked.text]).toEqual([400, expect.stringContaining('own.stated is no claim')])
  expect((await server.client.send('/admin/posture/runs', { body })).status).toBe(401)
  expect(
    (await server.client.send('/admin/posture/runs', { body, credential: ann.accessToken })).status,
  ).toBe(403)
})

it('evidence-signature-verifies-offline: and a changed byte is found, in the set, in a result, in a history', async () => {
  await probe(['own.steady', 'own.turning'])
  const set = (await server.client.send('/.well-known/posture.json')).text
  expect(await verify(set)).toEqual({ code: 0, said: expect.stringContaining('Every signature fits') })
  const left = JSON.parse(set) as PostureSet
  const without = { ...left, claims: left.claims.filter(({ id }) => id !== 'own.turning') }
  expect(await verify(JSON.stringify(without))).toEqual({ code: 1, said: expect.stringContaining('the set') })
  expect(await verify(set.replaceAll('"seenMs":7', '"seenMs":6'))).toEqual({
    code: 1,
    said: expect.stringMatching(/the set[\s\S]*own\.steady: its signature does not fit/),
  })
  const history = (await server.client.send('/.well-known/posture/own.steady.json')).text
  expect((await verify(history)).code).toBe(0)
  expect((await verify(history.replace('"holds"', '"fails"'))).code).toBe(1)
  expect((await server.client.send('/.well-known/posture/own.nothing.json')).status).toBe(404)
})

it('a claim that fails opens an incident, tells who wants to hear, and its recovery is noted', async () => {
  const as = { credential: ann.accessToken, headers }
  await server.client.ask('/dashboard/webhooks', {
    ...as,
    body: { url: `http://127.0.0.1:${sink.port}/`, events: ['posture.claim_failed'] },
  })
  turning.turn('fails')
  await probe(['own.turning'])
  await probe(['own.turning'])
  expect(await verdictOf('own.turning')).toBe('fails')
  const { incidents } = await server.client.ask<{ incidents: readonly object[] }>(
    '/admin/security-incidents',
    as,
  )
  expect(incidents).toMatchObject([{ title: 'own.turning does not hold: seven <came>' }])
  await expect.poll(() => received.length).toBe(1)
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
    type: 'posture.claim_failed',
    data: { claim: 'own.turning' },
  })
  const page = (await server.client.send('/security')).text
  expect(page).toContain('1 of 2 verified claims fails')
  turning.turn('holds')
  await probe(['own.turning'])
  expect(await verdictOf('own.turning')).toBe('holds')
  const { rows } = await server.db.pool.query(
    `SELECT FROM gatehouse.audit_entry WHERE event_type = 'posture.recover'`,
  )
  expect(rows).toHaveLength(1)
  expect(received).toHaveLength(1)
})

it('page-and-policy-agree: the sentences are those of the running policy, escaped, in the language that is asked for', async () => {
  turning.turn('fails')
  await probe(['own.turning'])
  turning.turn('holds')
  await probe()
  const english = await server.client.send('/security')
  expect(english.text).toContain('Within 1000 ms &lt;it&gt; is gone')
  const japanese = await server.client.send('/security', { headers: { 'accept-language': 'ja,en;q=0.5' } })
  expect(japanese.text).toContain('<html lang=ja>')
  expect(japanese.text).toContain('検証対象の2件すべてが成立しています')
  expect(
    (await server.client.send('/security?lang=en', { headers: { 'accept-language': 'ja' } })).text,
  ).toContain('All 2 verified claims hold')
  const one = (await server.client.send('/security/own.turning')).text
  expect(one).toContain('seven &lt;came&gt;')
  expect(one).toContain('gatehouse posture verify --only own.turning')
  expect((await server.client.send('/security/own.nothing')).status).toBe(404)
})

it('a-risk-stands-as-its-worst-claim: the page tells the last results by the ten risks too', async () => {
  const riskOf = async () =>
    /<td class=\w+>([^<]+)<td><a href="[^"]+">API2 [^]*?<tr>/.exec(
      (await server.client.send('/security')).text,
    )
  turning.turn('fails')
  await probe(['own.turning'])
  const [failed, verdict] = (await riskOf()) ?? []
  expect(verdict).toBe('Fails')
  expect(failed).toMatch(/own\.turning<\/a\s*> \(Fails\)/)
  turning.turn('holds')
  await probe(['own.turning'])
  expect((await riskOf())?.[1]).toBe('Holds')
  expect((await server.client.send('/security')).text).toMatch(/Unknown<td><a href="[^"]+">API7 /)
})

it('a setting that weakens a control declares itself on the page, with the reason of its operator', async () => {
  const { text } = await server.client.send('/security')
  expect(text).toContain('GATEHOUSE_EGRESS_ALLOW')
  expect(text).toContain('Receivers of ours (operations, until 2029-01-31)')
  expect(text).toMatch(/GATEHOUSE_PROBES[^]*The operator has given no reason/)
  await expect(composeServer({ GATEHOUSE_DEVIATIONS: join(folder, 'deviations.json') })).rejects.toThrow(
    'GATEHOUSE_EGRESS_ALLOW, which weakens nothing',
  )
})

it('cyclonedx-export-validates: against the published schema of 1.6, and its signature proves all of it', async () => {
  await probe()
  const { text, headers: sent } = await server.client.send('/.well-known/posture.cdx.json')
  expect(sent.get('content-type')).toContain('cyclonedx')
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  expect(await validator.validate(text)).toBeNull()
  expect(await validator.validate(text.replace('"score"', '"scores"'))).not.toBeNull()
  const bom = JSON.parse(text) as { declarations: { claims: object[]; attestations: { map: object[] }[] } }
  expect(bom.declarations.claims).toHaveLength(3)
  expect(bom.declarations.attestations[0]?.map).toMatchObject([
    { requirement: 'requirement:API2', conformance: { score: 1 } },
    { requirement: 'requirement:v5.0.0-7.4.1', conformance: { score: 1 } },
  ])
})

it('people who are signed in read the same, with how it went', async () => {
  await probe(['own.steady'])
  const view = await server.client.ask<{ trend: object[]; claims: object[] }>('/dashboard/posture?days=7', {
    credential: ann.accessToken,
  })
  expect(view.trend).toMatchObject([{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), unknown: 0 }])
  expect(view.claims).toMatchObject([
    { id: 'own.steady', verdict: 'holds', recent: expect.arrayContaining(['holds']) },
    { id: 'own.turning' },
    { id: 'own.stated', recent: [] },
  ])
  const refused = await server.client.send('/dashboard/posture?days=397', { credential: ann.accessToken })
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('between 1 and 396')])
})
