import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { Sink } from '../sink.ts'
import type { Target } from '../target.ts'
import { ask, firstOrg, keyOf, send, show, UnseenError } from './ask.ts'

const made = z.object({ monitor: z.object({ id: z.string() }) })
const checked = z.object({ result: z.object({ status: z.string(), statusCode: z.number().optional() }) })

/** Checks a page that redirects: nobody may request the place that it redirects to. */
export async function followNoRedirect(target: Target, sink: Sink): Promise<Finding> {
  const elsewhere = sink.open()
  const place = sink.open(() => ({ status: 302, headers: { location: elsewhere.url } }))
  const { statusCode } = await checkOnce(target, place.url)
  const figures = { statusCode: statusCode ?? 0, arrivedElsewhere: elsewhere.received().length }
  if (place.received().length === 0) throw new UnseenError('The check did not come to the receiver')
  return elsewhere.received().length === 0 && statusCode === 302
    ? holds(figures)
    : fails('A check followed a redirect', figures)
}

/** Checks how a check identifies itself, in every request that it sends. */
export async function nameTheChecker(
  target: Target,
  sink: Sink,
  _signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const place = sink.open()
  await checkOnce(target, place.url)
  const names = place.received().map(({ headers }) => headers['user-agent'] ?? '')
  if (names.length === 0) throw new UnseenError('The check did not come to the receiver')
  const other = names.find((name) => name !== policy.uptime.userAgent)
  const figures = { requests: names.length, userAgent: names[0] ?? '' }
  return other === undefined
    ? holds(figures)
    : fails(`A check named itself ${JSON.stringify(other)}`, figures)
}

/** Makes a monitor that is not checked automatically, and checks it once by hand. */
async function checkOnce(target: Target, url: string): Promise<z.output<typeof checked>['result']> {
  const credential = show('uptime', keyOf(firstOrg(target), 'uptime'))
  const { monitor } = await ask(target, made, '/api/v1/monitors', {
    method: 'POST',
    ...credential,
    body: { type: 'http', name: 'posture', isActive: false, config: { url, timeoutMs: 5_000 } },
  })
  const path = `/api/v1/monitors/${monitor.id}`
  const { result } = await ask(target, checked, `${path}/check`, { method: 'POST', ...credential })
  await send(target, path, { method: 'DELETE', ...credential })
  return result
}
