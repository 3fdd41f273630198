import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Sink, SinkPlace, SinkRequest } from '../sink.ts'
import type { ProbeOrg, Target } from '../target.ts'
import { asOwner, ask, firstOrg, keyOf, send, show } from './ask.ts'

const platformHook = z.object({ webhook: z.object({ id: z.string(), secret: z.string() }) })
const regimeHook = z.object({ uid: z.string(), signing_secret: z.string() })
const channel = z.object({ channel: z.object({ id: z.string() }) })

const ownSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

type Verify = (request: SinkRequest, secret: string) => boolean
type Received = {
  readonly door: string
  readonly secret: string
  readonly place: SinkPlace
  readonly verify: Verify
}

/**
 * Sends a message through each kind of webhook to a sink of the probe: its signature must be valid, and invalid with
 * one bit flipped.
 */
export async function receiveSigned(target: Target, sink: Sink, signal: AbortSignal): Promise<Finding> {
  const org = firstOrg(target)
  let verified = 0
  for (const open of [openPlatform, openRegime, openChannel]) {
    const { door, secret, place, verify } = await open(target, org, sink)
    const [request] = await place.until(1, signal)
    if (request === undefined) return fails(`Nothing came from the webhook of ${door}`)
    if (!verify(request, secret))
      return fails(`What came from the webhook of ${door} is not signed with its secret`)
    const forged = Buffer.from(request.body)
    forged[0] = (forged[0] ?? 0) ^ 1
    if (verify({ ...request, body: forged }, secret))
      return fails(`The signature of ${door} holds for another body as well`)
    verified += 1
  }
  return holds({ verified })
}

async function openPlatform(target: Target, org: ProbeOrg, sink: Sink): Promise<Received> {
  const place = sink.open()
  const { webhook } = await ask(target, platformHook, '/dashboard/webhooks', {
    method: 'POST',
    ...asOwner(org),
    body: { url: place.url, events: ['key.revoked'] },
  })
  await send(target, `/dashboard/webhooks/${webhook.id}/test`, { method: 'POST', ...asOwner(org) })
  return { door: 'the platform', secret: webhook.secret, place, verify: isStandard }
}

async function openRegime(target: Target, org: ProbeOrg, sink: Sink): Promise<Received> {
  const place = sink.open()
  const credential = show('volatility', keyOf(org, 'volatility'))
  const made = await ask(target, regimeHook, '/v1/webhooks', {
    method: 'POST',
    ...credential,
    body: { url: place.url },
  })
  await send(target, `/v1/webhooks/${made.uid}/test`, { method: 'POST', ...credential })
  return { door: 'volatility', secret: made.signing_secret, place, verify: isAmaneki }
}

async function openChannel(target: Target, org: ProbeOrg, sink: Sink): Promise<Received> {
  const place = sink.open()
  const credential = show('uptime', keyOf(org, 'uptime'))
  const made = await ask(target, channel, '/api/v1/notification-channels', {
    method: 'POST',
    ...credential,
    body: { type: 'webhook', name: 'posture', config: { url: place.url, secret: ownSecret } },
  })
  const path = `/api/v1/notification-channels/${made.channel.id}/test`
  await send(target, path, { method: 'POST', ...credential })
  return { door: 'uptime', secret: ownSecret, place, verify: isManako }
}

/** Verifies Standard Webhooks 1.0: `v1` over `id.timestamp.body`. */
const isStandard: Verify = ({ headers, body }, secret) => {
  const content = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
    body,
  ])
  const expected = createHmac('sha256', keyBytes(secret)).update(content).digest()
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .some((one) => isSame(Buffer.from(one.slice(3), 'base64'), expected))
}

/** Verifies `t=…,v1=…` over `t.body`, keyed with the text of the whole secret. */
const isAmaneki: Verify = ({ headers, body }, secret) => {
  const [, at = '', hex = ''] = /^t=(\d+),v1=([0-9a-f]{64})/.exec(headers['x-amaneki-signature'] ?? '') ?? []
  const content = Buffer.concat([Buffer.from(`${at}.`), body])
  return isSame(Buffer.from(hex, 'hex'), createHmac('sha256', secret).update(content).digest())
}

/** Verifies `sha256=…` over the body. */
const isManako: Verify = ({ headers, body }, secret) => {
  const [, hex = ''] = /^sha256=([0-9a-f]{64})$/.exec(headers['x-manako-signature'] ?? '') ?? []
  return isSame(Buffer.from(hex, 'hex'), createHmac('sha256', keyBytes(secret)).update(body).digest())
}

function keyBytes(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}
