import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from './fixtures/client.ts'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { type Issuer, startIssuer } from './fixtures/issuer.ts'
import { setUpOwner, type SignedIn } from './fixtures/people.ts'
import { createSurfer } from './fixtures/surfer.ts'

/** What browsers see; which node a request comes to is nothing that they choose. */
const publicUrl = 'https://gate.example.com'

describe.skipIf(isValkeyMissing)('sign-on-begun-on-one-node-ends-on-another', () => {
  let valkey: TestValkey
  let issuer: Issuer
  let nodes: ComposedNodes
  let here: Client
  let there: Client
  let owner: SignedIn

  beforeAll(async () => {
    valkey = await startValkey()
    issuer = await startIssuer()
    const settings = {
      VALKEY_URL: valkey.url.reveal(),
      GATEHOUSE_PUBLIC_URL: publicUrl,
      GATEHOUSE_EGRESS_ALLOW: `127.0.0.1:${issuer.port}`,
      GATEHOUSE_OIDC_ISSUER: issuer.url,
      GATEHOUSE_OIDC_CLIENT_ID: issuer.client.id,
      GATEHOUSE_OIDC_CLIENT_SECRET: issuer.client.secret,
      GATEHOUSE_OIDC_DOMAINS: 'example.org',
      GATEHOUSE_OIDC_DEFAULT_ROLE: 'viewer',
    }
    nodes = await composeNodes(2, settings)
    const [first, second] = nodes.clients
    if (first === undefined || second === undefined) throw new Error('There must be two nodes')
    here = first
    there = second
    await issuer.serve(publicUrl)
    owner = await setUpOwner(here, nodes.ownerToken)
  })
  afterAll(async () => {
    await nodes.stop()
    await issuer.close()
    await valkey.stop()
  })

  /** What a browser keeps of an answer. */
  const toCookies = (headers: Headers): string =>
    headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')

  it('the session is the same on both, and the way back is good once, whichever node it comes to', async () => {
    issuer.signsIn = { sub: 'mia', email: 'mia@example.org', email_verified: true, name: 'Mia' }
    const started = await here.send('/auth/sso/start?email=mia@example.org')
    expect(started.status).toBe(303)
    const { url } = await createSurfer().go(started.headers.get('location') ?? '', ({ pathname }) =>
      pathname.startsWith('/auth/sso/callback'),
    )
    const way = `${url.pathname}${url.search}`
    const cookie = toCookies(started.headers)
    const [back, again] = [
      await there.send(way, { headers: { cookie } }),
      await here.send(way, { headers: { cookie } }),
    ]
    expect(back.headers.get('location')).toMatch(/\/app#signed-on$/)
    expect(again.headers.get('location') ?? '').not.toMatch(/\/app#signed-on$/)
    const { accessToken } = await here.ask<SignedIn>('/auth/refresh', {
      body: {},
      headers: { cookie: toCookies(back.headers), origin: publicUrl },
    })
    for (const node of [here, there])
      expect(await node.ask('/dashboard/me', { credential: accessToken })).toMatchObject({
        teamId: owner.user.teamId,
        role: 'viewer',
      })
  })
})
