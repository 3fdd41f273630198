import { afterAll, beforeAll, expect, it } from 'vitest'
import { composePaidServer, createBillingKey, type PaidServer } from './fixtures/paid-server.ts'
import { foundSecondOrg, join, proveAnew, setUpOwner, type SignedIn } from './fixtures/people.ts'

let paid: PaidServer
let ann: SignedIn
beforeAll(async () => {
  paid = await composePaidServer('pdl_ntfset_current_secret', 'pdl_ntfset_previous_secret')
  ann = await setUpOwner(paid.server.client, paid.server.ownerToken)
})
afterAll(() => paid.stop())

type Bought = { readonly plan: string; readonly offers: readonly { readonly plan: string }[] }

it('owners-change-what-they-pay-on-the-pages-of-the-provider: for their own subscription, after they proved that it is them', async () => {
  const { server, paddle } = paid
  const root = '/dashboard/volatility/me/billing'
  const bob = await foundSecondOrg(server.client, ann)
  const member = await join(server.client, ann, 'member')
  const open = async (person: SignedIn, headers?: Readonly<Record<string, string>>) =>
    server.client.send(`${root}/portal`, {
      method: 'POST',
      credential: person.accessToken,
      ...(headers === undefined ? {} : { headers }),
    })
  const openProven = async (person: SignedIn) => open(person, await proveAnew(server.client, person))
  const buy = async (person: SignedIn, subscription: string, second: number) => {
    await server.client.ask(`${root}/checkout`, {
      method: 'POST',
      credential: person.accessToken,
      headers: await proveAnew(server.client, person),
      body: { plan: 'pro' },
    })
    const about = { subscription, status: 'active', price: 'pri_pro', endsAt: '2099-01-01T00:00:00Z' }
    const customData = paddle.checkouts.at(-1)
    const event = paddle.event(`evt_${subscription}`, second, { ...about, customData })
    expect(await paddle.send(`${server.origin}/v1/billing/paddle`, event)).toEqual([200])
  }
  const nothing = await openProven(ann)
  expect([nothing.status, nothing.text]).toEqual([404, expect.stringContaining('no subscription')])
  await buy(ann, 'sub_of_ann', 1)
  await buy(bob, 'sub_of_bob', 2)
  await buy(ann, 'sub_of_ann_anew', 3)
  expect((await open(ann)).text).toContain('SUDO_REQUIRED')
  expect((await open(member)).status).toBe(403)
  const urlOf = (subscription: string) =>
    JSON.stringify({ portal_url: `https://customer-portal.example.com/cpl_01?of=ctm_of_${subscription}` })
  expect((await openProven(ann)).text).toBe(urlOf('sub_of_ann_anew'))
  expect((await openProven(bob)).text).toBe(urlOf('sub_of_bob'))
  const credential = await createBillingKey(server.client, bob)
  const byKey = await server.client.send('/v1/me/billing/portal', { method: 'POST', credential, body: {} })
  expect(byKey.text).toBe(urlOf('sub_of_bob'))
  const bought = await server.client.ask<Bought>('/v1/me/billing', { credential })
  expect(bought).toMatchObject({
    plan: 'pro',
    limits: { requests_per_minute: 600 },
    offers: [{ plan: 'pro' }, { plan: 'desk', limits: { requests_per_minute: 3_000 } }],
  })
  expect(JSON.stringify(bought)).not.toMatch(/sub_|ctm_|pri_/)
  // The provider is gone: nothing is said of it but that it cannot be reached.
  await paddle.stop()
  const gone = await openProven(ann)
  expect([gone.status, gone.headers.get('retry-after')]).toEqual([503, '30'])
})
