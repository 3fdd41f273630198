import { generateKeyPairSync } from 'node:crypto'
import { createAuditLog } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { Paddle } from '@paddle/paddle-node-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eraseOrg } from '../src/platform/index.ts'
import { schema } from '../src/schema.ts'
import type { PaddleMessage, PaddleSimulator } from '../src/services/volatility/testing/paddle-simulator.ts'
import { fitAllSubscriptions } from '../src/services/volatility/usecases/fit-subscriptions.ts'
import type { ComposedServer } from './fixtures/compose-server.ts'
import { eventually } from './fixtures/eventually.ts'
import {
  type Billing,
  composePaidServer,
  createBillingKey,
  fetchMissed,
  type PaidServer,
} from './fixtures/paid-server.ts'
import { foundSecondOrg, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

const [secret, secretBefore] = ['pdl_ntfset_current_secret', 'pdl_ntfset_previous_secret']
const far = '2099-01-01T00:00:00Z'

let paid: PaidServer
let paddle: PaddleSimulator
let server: ComposedServer
let ann: SignedIn
let annKey: string
let bobKey: string
let url: string

beforeAll(async () => {
  paid = await composePaidServer(secret, secretBefore)
  ;({ server, paddle } = paid)
  url = `${server.origin}/v1/billing/paddle`
  ann = await setUpOwner(server.client, server.ownerToken)
  annKey = await newKey(ann)
  bobKey = await newKey(await foundSecondOrg(server.client, ann))
})
afterAll(() => paid.stop())

const newKey = (owner: SignedIn) => createBillingKey(server.client, owner)

const billingOf = (credential: string) => server.client.ask<Billing>('/v1/me/billing', { credential })

async function claimOf(credential: string): Promise<unknown> {
  const { checkout_url: checkout } = await server.client.ask<{ checkout_url: string }>(
    '/v1/me/billing/checkout',
    { method: 'POST', credential, body: { plan: 'pro' } },
  )
  expect(checkout).toMatch(/^https:\/\/checkout\.example\.com\//)
  return paddle.checkouts.at(-1)
}

/** What is known of payments, of all organisations. */
async function countRows(): Promise<readonly number[]> {
  const counts: number[] = []
  for (const table of ['paddle_event', 'paid_subscription']) {
    const { rows } = await server.db.pool.query(`SELECT org_id FROM volatility.${table}`)
    counts.push(rows.length)
  }
  return counts
}

describe('what the payment provider tells', () => {
  it('the signatures of the simulator are those that its own library takes', async () => {
    const body = JSON.stringify(
      paddle.event('evt_sdk', 1, {
        subscription: 'sub_sdk',
        status: 'active',
        price: 'pri_pro',
        endsAt: far,
      }),
    )
    const { webhooks } = new Paddle(paddle.apiKey)
    expect(await webhooks.isSignatureValid(body, secret, paddle.sign(body))).toBe(true)
    expect(await webhooks.isSignatureValid(body, secret, paddle.sign(body, [secretBefore]))).toBe(false)
    expect(await webhooks.isSignatureValid(`${body} `, secret, paddle.sign(body))).toBe(false)
  })

  it('forged-paddle-events-change-nothing: neither a signature that does not hold nor a claim that is not ours', async () => {
    const before = await countRows()
    const claim = await claimOf(annKey)
    const message = paddle.event('evt_forged', 1, {
      subscription: 'sub_forged',
      status: 'active',
      price: 'pri_desk',
      customData: claim,
    })
    const body = JSON.stringify(message)
    const post = async (signature: string | undefined, text = body): Promise<number> =>
      (
        await fetch(url, {
          method: 'POST',
          headers: signature === undefined ? {} : { 'paddle-signature': signature },
          body: text,
        })
      ).status
    for (const signature of [
      undefined,
      '',
      paddle.sign(body, ['pdl_ntfset_somebody_else']),
      paddle.sign(body, [secret], Date.now() - 60_000),
      `ts=1;${paddle.sign(body)}`,
    ])
      expect(await post(signature)).toBe(401)
    expect(await post(paddle.sign(body), body.replace('pri_desk', 'pri_pro'))).toBe(401)
    expect(await countRows()).toEqual(before)
    // Signed, but with a claim that somebody made up: it waits for the operator.
    const madeUp = { ...(claim as object), org_id: '00000000-0000-4000-8000-000000000001' }
    const waiting = paddle.event('evt_unclaimed', 1, {
      subscription: 'sub_unclaimed',
      status: 'active',
      price: 'pri_desk',
      customData: madeUp,
    })
    expect(await paddle.send(url, waiting)).toEqual([200])
    expect(await billingOf(annKey)).toMatchObject({ plan: 'free', subscriptions: [] })
  })

  it('paddle-events-in-any-order-give-one-state, repeated and under two secrets', async () => {
    const customData = await claimOf(annKey)
    const life = (subscription: string): readonly PaddleMessage[] => {
      const about = { subscription, price: 'pri_pro', endsAt: far }
      return [
        paddle.event(`${subscription}_1`, 10, { ...about, status: 'trialing', customData }),
        paddle.event(`${subscription}_2`, 20, { ...about, status: 'active' }),
        paddle.event(`${subscription}_3`, 30, { ...about, status: 'past_due', customData }),
        paddle.event(`${subscription}_4`, 40, { ...about, status: 'active', price: 'pri_desk' }),
        paddle.event(`${subscription}_5`, 50, { ...about, status: 'canceled', price: 'pri_else' }),
      ]
    }
    const orders = [
      [0, 1, 2, 3, 4],
      [4, 3, 2, 1, 0],
      [1, 3, 1, 4, 0, 0, 2, 3],
    ]
    for (const [index, order] of orders.entries())
      for (const place of order) {
        const message = life(`sub_order${index}`)[place]
        if (message !== undefined)
          expect(await paddle.send(url, message, index === 1 ? [secretBefore, secret] : undefined)).toEqual([
            200,
          ])
      }
    await Promise.all(
      [...life('sub_order3'), ...life('sub_order3')].toReversed().map((message) => paddle.send(url, message)),
    )
    const { rows } = await server.db.pool.query<{ state: string }>(
      `SELECT DISTINCT concat_ws(' ', org_id, status, plan, occurred_at, period_ends_ms, past_due_since_ms) AS state
         FROM volatility.paid_subscription WHERE subscription_id LIKE 'sub_order%'`,
    )
    expect(rows).toEqual([{ state: expect.stringContaining(`${ann.user.teamId} active desk`) }])
    expect(await billingOf(annKey)).toMatchObject({ plan: 'desk', plan_source: 'subscription' })
    const me = await server.client.ask<object>('/v1/me', { credential: annKey })
    expect(me).toMatchObject({ plan: 'desk', limits: { requests_per_minute: 3_000 } })
    const before = await countRows()
    for (const message of paddle.log.slice(-20)) await paddle.send(url, message)
    expect(await countRows()).toEqual(before)
  })

  it('a plan says how often an org may call, whichever of its keys does, and a change of plan says it anew', async () => {
    const carol = await foundSecondOrg(server.client, ann)
    const keys = [await newKey(carol), await newKey(carol)]
    const statuses: number[] = []
    for (let call = 0; call < 61; call += 1)
      statuses.push((await server.client.send('/v1/symbols', { credential: keys[call % 2] })).status)
    expect(statuses).toEqual([...Array.from({ length: 60 }, () => 200), 429])
    server.passMinute()
    const [credential = ''] = keys
    const customData = await claimOf(credential)
    const about = { subscription: 'sub_of_carol', price: 'pri_pro', endsAt: far, status: 'active' }
    await paddle.send(url, paddle.event('evt_carol', 1, { ...about, customData }))
    server.passMinute()
    const { headers } = await server.client.send('/v1/symbols', { credential })
    expect(headers.get('ratelimit-policy') ?? headers.get('x-ratelimit-limit')).toContain('600')
  })

  it('owners-are-told-which-subscriptions-a-plan-pauses: a plan says how many keys and subscriptions an org has, the newest over it are paused and resumed with it', async () => {
    const dora = await foundSecondOrg(server.client, ann)
    const mint = async () =>
      server.client.send('/dashboard/api-keys', {
        credential: dora.accessToken,
        headers: await proveAnew(server.client, dora),
        body: {
          name: 'hooks',
          service: 'volatility',
          scopes: ['billing:read', 'webhooks:read', 'webhooks:write'],
        },
      })
    const [first] = [await mint(), await mint()]
    const credential = (JSON.parse(first.text) as { apiKey: { key: string } }).apiKey.key
    const third = await mint()
    expect({ status: third.status, text: third.text }).toMatchObject({
      status: 402,
      text: expect.stringMatching(/plan_limit_reached.*The plan free allows 2 keys; there are 2/),
    })
    const customData = await claimOf(credential)
    let second = 0
    const pay = async (status: string, price: string) => {
      second += 1
      const about = { subscription: 'sub_of_dora', status, price, endsAt: far, customData }
      expect(await paddle.send(url, paddle.event(`evt_dora_${second}`, second, about))).toEqual([200])
      server.passMinute()
    }
    const body = { url: 'https://93.184.216.34/hook' }
    const hook = (path = '', method = 'GET') =>
      server.client.send(`/v1/webhooks${path}`, { method, credential, ...(method === 'GET' ? {} : { body }) })
    expect((await hook('', 'POST')).status).toBe(402)
    await pay('active', 'pri_desk')
    expect((await mint()).status).toBe(201)
    for (let made = 0; made < 12; made += 1) expect((await hook('', 'POST')).status).toBe(201)
    const statesOf = async () =>
      (
        JSON.parse((await hook()).text) as { subscriptions: { id: number; state: string }[] }
      ).subscriptions.flatMap(({ id, state }) => (state === 'active' ? [id] : []))
    await pay('active', 'pri_pro')
    expect(await statesOf()).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    const letter = await eventually('the owner hears which are paused', () =>
      paid.mails.find(({ subject = '' }) => subject.includes('paused by the plan')),
    )
    expect(letter.text).toContain('allows 10 webhook subscriptions')
    expect(letter.text?.match(/^\d+(?=: https)/gm)).toEqual(['12', '11'])
    const enable = await server.client.send('/v1/webhooks/11/enable', { method: 'POST', credential })
    expect([enable.status, enable.text]).toEqual([402, expect.stringContaining('allows 10 webhook')])
    await pay('paused', 'pri_pro')
    expect(await statesOf()).toEqual([])
    await pay('active', 'pri_desk')
    expect(await statesOf()).toHaveLength(12)
    // Plans change by time as well, and by the operator: then nobody tells, and it is looked for.
    const signing = { id: 'test-1', ...generateKeyPairSync('ed25519') }
    const looking = {
      db: server.db,
      audit: createAuditLog(signing),
      clock: systemClock,
      billing: { arePlansOn: true, prices: new Map(), webhookSecrets: [], apiKey: undefined, apiUrl: '' },
    }
    await server.db.pool.query(
      `UPDATE volatility.paid_subscription SET status = 'paused' WHERE subscription_id = 'sub_of_dora'`,
    )
    await fitAllSubscriptions(looking, AbortSignal.timeout(60_000))
    expect(await statesOf()).toEqual([])
  })

  it('billing-never-crosses-orgs: a subscription stays with whose claim came first, and nobody else sees it', async () => {
    const [ofAnn, ofBob] = [await claimOf(annKey), await claimOf(bobKey)]
    const about = { subscription: 'sub_of_bob', price: 'pri_pro', endsAt: far, status: 'active' }
    // Before anybody has claimed it, it is nobody's.
    await paddle.send(url, paddle.event('evt_bob_1', 10, about))
    expect((await billingOf(bobKey)).subscriptions).toEqual([])
    await paddle.send(url, paddle.event('evt_bob_0', 5, { ...about, status: 'trialing', customData: ofBob }))
    // What came before the claim counts now, by the same order.
    expect(await billingOf(bobKey)).toMatchObject({
      plan: 'pro',
      subscriptions: [{ status: 'active', plan: 'pro' }],
    })
    const annBefore = await billingOf(annKey)
    await paddle.send(
      url,
      paddle.event('evt_bob_2', 20, { ...about, status: 'paused', price: 'pri_desk', customData: ofAnn }),
    )
    expect(await billingOf(annKey)).toEqual(annBefore)
    expect((await billingOf(bobKey)).subscriptions).toMatchObject([{ status: 'paused', plan: 'desk' }])
    // Of two claims at once one is first, and whatever comes of the subscription is that org's alone.
    const race = Array.from({ length: 12 }, (_, index) =>
      [ofAnn, ofBob].map((customData, second) =>
        paddle.send(
          url,
          paddle.event(`evt_raced_${index}_${second}`, second, {
            ...about,
            subscription: `sub_raced_${index}`,
            customData,
          }),
        ),
      ),
    )
    await Promise.all(race.flat())
    const { rows: shared } = await server.db.pool.query(
      `SELECT subscription_id FROM volatility.paddle_event WHERE disposition <> 'quarantined'
        GROUP BY subscription_id HAVING count(DISTINCT org_id) > 1 AND subscription_id IS NOT NULL`,
    )
    expect(shared).toEqual([])
    for (const credential of [annKey, bobKey])
      for (const path of ['/v1/me', '/v1/me/billing'])
        expect((await server.client.send(path, { credential })).text).not.toMatch(/sub_|pri_|evt_|pdl_/)
    const { apiKey } = await server.client.ask<{ apiKey: { key: string } }>('/dashboard/api-keys', {
      credential: ann.accessToken,
      headers: await proveAnew(server.client, ann),
      body: { name: 'usual', service: 'volatility' },
    })
    expect((await server.client.send('/v1/me/billing', { credential: apiKey.key })).status).toBe(403)
  })

  it('billing-never-crosses-orgs: owners see what their own org pays for without a key, and nobody below them does', async () => {
    const path = '/dashboard/volatility/me/billing'
    server.passMinute()
    const erin = await foundSecondOrg(server.client, ann)
    const ask = (credential: string) => server.client.ask<Billing>(path, { credential })
    expect(await ask(ann.accessToken)).toEqual(await billingOf(annKey))
    expect(await ask(erin.accessToken)).toMatchObject({ plan: 'free', subscriptions: [] })
    const member = await join(server.client, ann, 'member')
    expect((await server.client.send(path, { credential: member.accessToken })).status).toBe(403)
    const pay = (headers: Readonly<Record<string, string>>) =>
      server.client.send(`${path}/checkout`, {
        method: 'POST',
        credential: erin.accessToken,
        headers,
        body: { plan: 'pro' },
      })
    expect((await pay({})).text).toContain('SUDO_REQUIRED')
    expect((await pay(await proveAnew(server.client, erin))).status).toBe(200)
    const about = { subscription: 'sub_of_erin', price: 'pri_pro', endsAt: far, status: 'active' }
    await paddle.send(url, paddle.event('evt_erin', 1, { ...about, customData: paddle.checkouts.at(-1) }))
    expect(await ask(erin.accessToken)).toMatchObject({ plan: 'pro', plan_source: 'subscription' })
  })

  it('no-signed-payment-event-is-lost: one that claims an erased org, or cannot be read, or is of something else, is kept and changes nothing', async () => {
    const gone = await foundSecondOrg(server.client, ann)
    const customData = await claimOf(await newKey(gone))
    const erasing = {
      db: server.db,
      audit: createAuditLog({ id: 'test-1', ...generateKeyPairSync('ed25519') }),
      clock: systemClock,
      orgTables: schema.orgs,
    }
    const system = { kind: 'system', orgId: gone.user.teamId, because: 'test' } as const
    expect(await eraseOrg(erasing, system, () => true)).toMatchObject({ erased: true })
    const about = { subscription: 'sub_of_nobody', price: 'pri_pro', endsAt: far, status: 'active' }
    expect(await paddle.send(url, paddle.event('evt_erased', 1, { ...about, customData }))).toEqual([200])
    const strange = {
      ...paddle.event('evt_strange', 2, about),
      data: { id: 'sub_of_nobody', status: 'frozen' },
    }
    expect(await paddle.send(url, strange)).toEqual([200])
    expect(await paddle.send(url, strange)).toEqual([200])
    const bill = { ...paddle.event('evt_bill', 3, about), event_type: 'transaction.completed' }
    expect(await paddle.send(url, bill)).toEqual([200])
    for (const text of ['no JSON at all', 'no JSON at all', '[]']) {
      const headers = { 'paddle-signature': paddle.sign(text) }
      expect((await fetch(url, { method: 'POST', headers, body: text })).status).toBe(200)
    }
    const { rows } = await server.db.pool.query<{ event_id: string; disposition: string; org_id: string }>(
      `SELECT event_id, disposition, org_id FROM volatility.paddle_event
        WHERE event_id IN ('evt_erased', 'evt_strange', 'evt_bill') OR event_id LIKE 'body_%' ORDER BY event_id`,
    )
    const body = expect.stringMatching(/^body_[0-9a-f]{64}$/) as string
    const kept = (event_id: string, disposition: string) => ({ event_id, disposition, org_id: instanceOrgId })
    expect(rows).toEqual([
      kept(body, 'unreadable'),
      kept(body, 'unreadable'),
      kept('evt_bill', 'not_followed'),
      kept('evt_erased', 'quarantined'),
      kept('evt_strange', 'unreadable'),
    ])
  })

  it('missed-payment-events-are-fetched: page by page from the log of the provider, and what arrived counts once', async () => {
    server.passMinute()
    const fay = await foundSecondOrg(server.client, ann)
    const credential = await newKey(fay)
    const customData = await claimOf(credential)
    const about = { subscription: 'sub_of_fay', price: 'pri_desk', endsAt: far, status: 'active' }
    paddle.lose(paddle.event('evt_fay_1', 1, { ...about, customData }))
    // Enough of others for a second page.
    const bill = { ...paddle.event('evt_others', 2, about), event_type: 'transaction.completed' }
    for (let count = 0; count < 60; count += 1) paddle.lose({ ...bill, event_id: `evt_others_${count}` })
    expect((await billingOf(credential)).plan).toBe('free')
    expect(await fetchMissed(server)).toMatchObject({ missed: 61 })
    expect((await billingOf(credential)).plan).toBe('desk')
    const told = new Set(paddle.log.map(({ event_id: id }) => id)).size
    expect(await fetchMissed(server)).toMatchObject({ missed: 0, read: told })
  })

  it('what came before a claim counts even where the server ended before it could be handed over', async () => {
    const about = { subscription: 'sub_cut', price: 'pri_pro', endsAt: far }
    const customData = await claimOf(bobKey)
    await paddle.send(url, paddle.event('evt_cut_2', 20, { ...about, status: 'active' }))
    const claiming = paddle.event('evt_cut_1', 10, { ...about, status: 'trialing', customData })
    await paddle.send(url, claiming)
    const stateOf = async () =>
      (
        await server.db.pool.query<{ event_id: string; status: string }>(
          `SELECT event_id, status FROM volatility.paid_subscription WHERE subscription_id = 'sub_cut'`,
        )
      ).rows
    expect(await stateOf()).toEqual([{ event_id: 'evt_cut_2', status: 'active' }])
    // As a server leaves it that is killed right after it bound the subscription.
    await server.db.pool.query(
      `DELETE FROM volatility.paddle_event WHERE event_id = 'evt_cut_2' AND disposition <> 'quarantined'`,
    )
    await server.db.pool.query(
      `UPDATE volatility.paid_subscription SET event_id = 'evt_cut_1', status = 'trialing'
        WHERE subscription_id = 'sub_cut'`,
    )
    await paddle.send(url, claiming)
    expect(await stateOf()).toEqual([{ event_id: 'evt_cut_2', status: 'active' }])
  })
})
