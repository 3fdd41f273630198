import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Sink } from '../sink.ts'
import type { Target } from '../target.ts'
import { ask, firstOrg, keyOf, send, show, UnseenError } from './ask.ts'
import { wait } from './wear-out.ts'

const made = z.object({ monitor: z.object({ id: z.string(), status: z.string() }) })
const incidents = z.object({ incidents: z.array(z.object({ monitorId: z.string().nullable().optional() })) })

const lookAgainMs = 500
/** The shortest interval that a monitor may have between two checks that confirm a failure. */
const confirmSpacingSeconds = 5

/** Lets a target begin to fail: its incident must open after as many failures as claimed, and no sooner. */
export async function failOftenEnough(
  target: Target,
  sink: Sink,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const credential = show('uptime', keyOf(firstOrg(target), 'uptime'))
  let isFailing = false
  let failures = 0
  const place = sink.open(() => {
    if (!isFailing) return { status: 200, body: 'ok' }
    failures += 1
    return { status: 500 }
  })
  const body = {
    type: 'http',
    name: 'posture',
    intervalSeconds: 60,
    confirmSpacingSeconds,
    config: { url: place.url, timeoutMs: 5_000 },
  }
  const { monitor } = await ask(target, made, '/api/v1/monitors', { method: 'POST', ...credential, body })
  const path = `/api/v1/monitors/${monitor.id}`
  for (;;) {
    const now = await ask(target, made, path, credential)
    if (now.monitor.status === 'up') break
    await wait(lookAgainMs, signal)
  }
  isFailing = true
  // A manual check does not count itself, and causes the next check immediately.
  const byHand = await target.send(`${path}/check`, { method: 'POST', ...credential })
  if (byHand.status >= 400) throw new UnseenError(`A check by hand was answered ${byHand.status}`)
  const threshold = policy.uptime.downThreshold.default
  for (;;) {
    const seenBefore = failures - 1
    const open = (await ask(target, incidents, '/api/v1/incidents', credential)).incidents
    const isOpen = open.some(({ monitorId }) => monitorId === monitor.id)
    const figures = { threshold, failuresBefore: failures - 1 }
    if (isOpen) {
      await send(target, path, { method: 'DELETE', ...credential })
      return failures - 1 < threshold
        ? fails(`An incident opened after ${failures - 1} failures`, figures)
        : holds(figures)
    }
    if (seenBefore > threshold + 2) return fails(`No incident opened after ${seenBefore} failures`, figures)
    await wait(lookAgainMs, signal)
  }
}
