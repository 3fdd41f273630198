import { createHmac, timingSafeEqual } from 'node:crypto'
import { fails, type Finding, holds, unknown } from '../finding.ts'
import type { Sink, SinkRequest } from '../sink.ts'
import type { Target } from '../target.ts'
import { ask, asOwner, firstOrg } from './ask.ts'

type Subscribed = { readonly webhook: { readonly id: string; readonly secret: string } }

export async function receiveSignedWebhook(
  target: Target,
  sink: Sink,
  signal: AbortSignal,
): Promise<Finding> {
  const owner = asOwner(firstOrg(target))
  const place = sink.open()
  const { webhook } = await ask<Subscribed>(target, '/dashboard/webhooks', {
    ...owner,
    body: { url: place.url, events: ['key.created'] },
  })
  await ask(target, `/dashboard/webhooks/${webhook.id}/test`, { ...owner, method: 'POST' })
  const [came] = await place.until(1, signal)
  if (came === undefined) return unknown('Nothing came')
  const figures = { bodyBytes: came.body.length }
  return isSigned(came, webhook.secret)
    ? holds(figures)
    : fails('A webhook came whose signature does not prove its id, time and bytes', figures)
}

/** Standard Webhooks: several signatures may stand in the header, separated by blanks. */
function isSigned({ headers, body }: SinkRequest, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
    body,
  ])
  const expected = createHmac('sha256', key).update(signed).digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
