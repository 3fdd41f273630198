import {
  exportChain,
  exportCheckpoints,
  sendCheckpoints,
  toAnchors,
  verifyExport,
} from '@gatehouse/kernel/audit'
import { ensurePartitions, kernelPartitions, recordTelemetry } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import { createWebhookEndpoint, getWebhookDelivery } from '@gatehouse/kernel/webhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { policy } from '../policy.ts'
import { runQueue } from '../testing/run-queue.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { listWebhookDeliveries } from './list-webhook-deliveries.ts'
import { mailCheckpoints } from './mail-checkpoints.ts'
import { publishCheckpoint } from './publish-platform-event.ts'
import { toWebhookDeps } from './webhook-deps.ts'

const weekMs = policy.checkpointMailDays * 86_400_000
const { signal } = new AbortController()
let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform()
  await ensurePartitions(platform.database.db, kernelPartitions, platform.clock.now())
})
afterAll(() => platform.database.drop())
beforeEach(() => void platform.mails.splice(0))

const sign = (owner: MemberPrincipal) =>
  recordTelemetry(platform.deps, owner, (tx) => platform.deps.audit.checkpoint(tx, platform.clock.now()))

async function mail(deps = platform.deps) {
  await mailCheckpoints(deps, { signal })
  await runQueue(platform.deps)
  return platform.mails.splice(0)
}

/** The result of the verifier for the org's chain, with these anchors. */
async function holdAgainst(owner: MemberPrincipal, text: string) {
  await sign(owner)
  const { deps } = platform
  const lines = [
    ...(await Array.fromAsync(exportCheckpoints(deps, owner))).map((one) => ({ kind: 'checkpoint', ...one })),
    ...(await Array.fromAsync(exportChain(deps, owner))),
  ].map((line) => JSON.stringify(line))
  return verifyExport(lines, deps.auditKeys, { anchors: toAnchors(text) })
}

describe('checkpoints-leave-the-machine', () => {
  it('owners are mailed the newest one when a week has passed, as a line that the verifier takes', async () => {
    const owner = await platform.found('Acme & Söhne')
    await platform.join(owner.orgId, 'member')
    await sign(owner)
    platform.clock.advance(weekMs - 1)
    expect(await mail()).toEqual([])
    platform.clock.advance(1)
    const [sent, ...others] = await mail()
    expect(others).toEqual([])
    expect(sent?.to).toBe(`${owner.userId.toLowerCase()}@example.com`)
    expect(sent?.subject).toContain('[Acme & Söhne]')
    const anchor = sent?.text.split('\n').find((line) => line.startsWith('{"kind"')) ?? ''
    expect(await holdAgainst(owner, anchor)).toMatchObject({ intact: true })
    const wrong = anchor.replace(/"entry_hash":"../, '"entry_hash":"zz')
    expect((await holdAgainst(owner, wrong)).intact).toBe(false)
  })

  it('a chain that nobody wrote to is mailed once, and one that went on again a week later', async () => {
    const owner = await platform.found()
    await sign(owner)
    platform.clock.advance(weekMs)
    expect(await mail()).toHaveLength(1)
    platform.clock.advance(weekMs)
    expect(await mail()).toEqual([])
    await platform.join(owner.orgId, 'viewer')
    await sign(owner)
    const all = await Promise.all([mail(), mail()])
    expect(all.flat()).toHaveLength(1)
    expect(await mail()).toEqual([])
  })

  it('without a mail server nothing is queued, and the mail goes once there is one', async () => {
    const owner = await platform.found()
    await sign(owner)
    platform.clock.advance(weekMs)
    const none = { ...platform.deps, mailer: { ...platform.deps.mailer, isConfigured: false } }
    expect(await mail(none)).toEqual([])
    expect(await mail()).toHaveLength(1)
  })

  it('webhooks are told each one as a line that the verifier takes, and those of other orgs are not', async () => {
    const { deps } = platform
    const own = toWebhookDeps(deps)
    const hook = { url: 'https://receiver.example.com/hook', description: '', events: ['audit.checkpoint'] }
    const [owner, other] = [await platform.found(), await platform.found()]
    const { endpoint } = await createWebhookEndpoint(own, owner, hook)
    await createWebhookEndpoint(own, other, hook)
    await sign(owner)
    await sendCheckpoints(deps, signal, publishCheckpoint)
    await sendCheckpoints(deps, signal, publishCheckpoint)
    const { deliveries } = await listWebhookDeliveries(deps, owner, endpoint.id, { limit: 10 })
    expect(deliveries).toHaveLength(1)
    const { body } = await getWebhookDelivery(own, owner, endpoint.id, deliveries[0]?.id ?? '')
    // Safe: what was published was parsed with the schema of the event.
    const { type, data } = JSON.parse(body) as { type: string; data: { org_id: string } }
    expect(type).toBe('audit.checkpoint')
    expect(data.org_id).toBe(owner.orgId)
    expect(await holdAgainst(owner, JSON.stringify(data))).toMatchObject({ intact: true })
  })
})
