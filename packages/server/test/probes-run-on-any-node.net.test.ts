import { isValkeyMissing, startValkey, type TestValkey } from '@gatehouse/kernel/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claims } from '../src/posture/claims/index.ts'
import { type Balancer, balance } from './fixtures/balance.ts'
import { type Client, createClient } from './fixtures/client.ts'
import { composeNodes, type ComposedNodes } from './fixtures/compose-nodes.ts'
import { eventually } from './fixtures/eventually.ts'
import { proveAnew, setUpOwner } from './fixtures/people.ts'

/** Each needs a node to reach the receiver of the run: to check it by hand, by the clock, or to deliver to it. */
const reaching = [
  'egress.checks-name-themselves',
  'egress.checks-follow-no-redirect',
  'alerts.incidents-need-failures-in-a-row',
  'webhooks.are-signed',
  'tenancy.nothing-is-reached-across',
]

const patienceMs = 500_000

type Run = { readonly id: string; readonly state: string; readonly results: readonly object[] }

describe.skipIf(isValkeyMissing)('two nodes behind one address', () => {
  const origins: string[] = []
  let valkey: TestValkey
  let nodes: ComposedNodes
  let balancer: Balancer
  let client: Client

  beforeAll(async () => {
    valkey = await startValkey()
    balancer = await balance(origins)
    nodes = await composeNodes(2, {
      VALKEY_URL: valkey.url.reveal(),
      GATEHOUSE_PUBLIC_URL: balancer.url,
      GATEHOUSE_ADMINS: 'ann@example.com',
    })
    origins.push(...nodes.origins)
    client = createClient(balancer.url)
  })
  afterAll(async () => {
    await nodes.stop()
    await balancer.stop()
    await valkey.stop()
  })

  it(
    'probes-run-on-any-node: whichever node checks, delivers or answers for a run reaches its receiver',
    async () => {
      expect(reaching.filter((id) => !claims.some((claim) => claim.id === id))).toEqual([])
      const ann = await setUpOwner(client, nodes.ownerToken)
      const headers = await proveAnew(client, ann)
      const as = { credential: ann.accessToken, headers }
      const { run } = await client.ask<{ run: Run }>('/admin/posture/runs', {
        ...as,
        body: { claims: reaching },
      })
      const done = await eventually(
        'the run is over',
        async () => {
          // It is looked at more often than a person may in a minute.
          nodes.passMinute()
          const { run: now } = await client.ask<{ run: Run }>(`/admin/posture/runs/${run.id}`, as)
          return now.state === 'done' || now.state === 'failed' ? now : undefined
        },
        patienceMs,
      )
      expect(done).toMatchObject({ state: 'done' })
      expect(done.results).toHaveLength(reaching.length)
      expect(done.results.filter((result) => !('verdict' in result && result.verdict === 'holds'))).toEqual(
        [],
      )
    },
    patienceMs,
  )
})
