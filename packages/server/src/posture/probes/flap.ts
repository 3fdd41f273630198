import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Sink } from '../sink.ts'
import type { ProbeCall, Target } from '../target.ts'
import { ask, firstOrg, keyOf, send, show, UnseenError } from './ask.ts'
import { wait } from './wear-out.ts'

const monitor = z.object({ monitor: z.object({ id: z.string(), flapping: z.number(), status: z.string() }) })
const channel = z.object({ channel: z.object({ id: z.string() }) })
const deliveries = z.object({
  deliveries: z.array(z.object({ event: z.string(), state: z.string(), reason: z.string().nullable() })),
})
const heartbeatUrl = z.object({ url: z.string() })

const lookAgainMs = 1_000
const looksMax = 90

/**
 * Lets a job report failure and success alternately. The changes before the bound must be notified; the one that
 * reaches it must not be, and the monitor must be reported as flapping.
 */
export async function suppressFlapping(
  target: Target,
  sink: Sink,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const credential = show('uptime', keyOf(firstOrg(target), 'uptime'))
  const { changes, windowSeconds } = policy.uptime.flap
  const place = sink.open()
  const channelId = await makeChannel(target, place.url, credential)
  const made = await ask(target, monitor, '/api/v1/monitors', {
    method: 'POST',
    ...credential,
    body: { type: 'heartbeat', name: 'posture', config: {} },
  })
  const path = `/api/v1/monitors/${made.monitor.id}`
  await send(target, `${path}/channels`, {
    method: 'PUT',
    ...credential,
    body: { channels: [{ id: channelId }] },
  })
  const { url } = await ask(target, heartbeatUrl, `${path}/heartbeat-url`, credential)
  const ping = new URL(url).pathname
  await send(target, ping)
  for (let change = 1; change <= changes; change += 1) {
    await send(target, change % 2 === 1 ? `${ping}/fail` : ping)
    // The notice of a change must be sent first, or the next one would replace it.
    if (change < changes) await place.until(change, signal)
  }
  for (let look = 0; look < looksMax; look += 1) {
    const now = await ask(target, monitor, path, credential)
    const told = await countTold(target, channelId, credential)
    const figures = { changes, windowSeconds, ...told }
    if (told.sent >= changes)
      return fails(
        `All ${changes} changes within ${windowSeconds} s were told, and none was suppressed`,
        figures,
      )
    if (now.monitor.flapping === 1 && told.suppressed > 0) {
      await send(target, path, { method: 'DELETE', ...credential })
      return told.sent === changes - 1
        ? holds(figures)
        : fails(`Of ${changes} changes, ${told.sent} were told`, figures)
    }
    await wait(lookAgainMs, signal)
  }
  throw new UnseenError('The changes of the monitor were not told in time')
}

async function makeChannel(target: Target, url: string, credential: ProbeCall): Promise<string> {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const body = { type: 'webhook', name: 'posture', config: { url, secret } }
  const made = await ask(target, channel, '/api/v1/notification-channels', {
    method: 'POST',
    ...credential,
    body,
  })
  return made.channel.id
}

/** Counts the notices of changes; the notice of flapping is not included. */
async function countTold(
  target: Target,
  channelId: string,
  credential: ProbeCall,
): Promise<{ readonly sent: number; readonly suppressed: number }> {
  const path = `/api/v1/notification-channels/${channelId}/deliveries`
  const all = (await ask(target, deliveries, path, credential)).deliveries
  const ofChanges = all.filter(({ event }) => event === 'incident.created' || event === 'incident.resolved')
  return {
    sent: ofChanges.filter(({ state }) => state === 'sent').length,
    suppressed: ofChanges.filter(({ reason }) => reason === 'flapping').length,
  }
}
