import type { LimitRule } from '@gatehouse/kernel/limits'
import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeCall, Target } from '../target.ts'
import { firstOrg, lightPaths, mintKey, ownerOf, type ServiceName, show, UnseenError } from './ask.ts'
import { assertWithin, callOften } from './wear-out.ts'

/** Makes one call more than the limit of a fresh key allows. */
export function refuseOverKeyLimit(service: ServiceName) {
  return async (target: Target, signal: AbortSignal, policy: PosturePolicy): Promise<Finding> => {
    const org = firstOrg(target)
    const key = await mintKey(target, org, service)
    const rule = policy[service].gate.perKey
    return callTooOften(target, lightPaths[service], show(service, key.key), rule, signal)
  }
}

/** Opens the dashboard once more than a person may, as the owner of an org of the probe's own. */
export async function refuseOverUserLimit(
  target: Target,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const { accessToken } = ownerOf(firstOrg(target))
  const call = { credential: accessToken }
  return callTooOften(target, '/dashboard/me', call, policy.platform.gate.perUser, signal)
}

/** Tries to log in once more than an address may. The body is empty, so that no password is hashed. */
export async function refuseOverLogInLimit(
  target: Target,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const rule = policy.platform.publicLimits['auth']
  if (rule === undefined) return fails('Nothing limits how often an address may try to log in')
  return callTooOften(target, '/auth/login', { method: 'POST', body: {} }, rule, signal)
}

async function callTooOften(
  target: Target,
  path: string,
  call: ProbeCall,
  { limit, windowSeconds }: LimitRule,
  signal: AbortSignal,
): Promise<Finding> {
  const startedMs = performance.now()
  const answers = await callOften(target, path, call, limit + 1, signal)
  assertWithin(startedMs, windowSeconds)
  const refused = answers.filter(({ status }) => status === 429)
  const other = answers.find(({ status }) => status >= 500 || status === 401)
  if (other !== undefined) throw new UnseenError(`${path} answered ${other.status} to the probe`)
  const figures = { sent: answers.length, refused: refused.length, limit, windowSeconds }
  if (refused.length === 0)
    return fails(`${limit + 1} calls within ${windowSeconds} s were all let in`, figures)
  const untold = refused.find(({ headers }) => !(Number(headers.get('retry-after')) >= 1))
  if (untold !== undefined) return fails('A refusal does not say when to come back', figures)
  return holds(figures)
}

/** From an address of its own: as many calls without credentials as allowed, and then one with a valid key. */
export async function refuseStrangersOverLimit(
  target: Target,
  signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  const org = firstOrg(target)
  const key = org.keys['oversight']
  if (key === undefined) throw new UnseenError('This probe needs a key of the service oversight')
  const { limit, windowSeconds } = policy.oversight.gate.beforeProof
  const elsewhere = target.fromElsewhere()
  const path = lightPaths.oversight
  const { status: before } = await elsewhere.send(path, show('oversight', key))
  if (before !== 200) throw new UnseenError(`A good key was answered ${before} before the limit was reached`)
  const startedMs = performance.now()
  const strangers = await callOften(elsewhere, path, {}, limit, signal)
  assertWithin(startedMs, windowSeconds)
  const letIn = strangers.filter(({ status }) => status !== 401).length
  if (letIn > 0) return fails(`${letIn} calls without a key were not refused`)
  const { status } = await elsewhere.send(path, show('oversight', key))
  const figures = { strangers: limit, windowSeconds, thenAnswered: status }
  return status === 401
    ? holds(figures)
    : fails(`After ${limit} calls without a key, an address was still let in`, figures)
}

/** Uses two keys that may call five times a minute: one is used up, and the other must still work. */
export async function countByPrefix(target: Target, signal: AbortSignal): Promise<Finding> {
  const org = firstOrg(target)
  const [one, other] = [
    await mintKey(target, org, 'oversight', { rateLimit: 5 }),
    await mintKey(target, org, 'oversight', { rateLimit: 5 }),
  ]
  const path = lightPaths.oversight
  const worn = await callOften(target, path, show('oversight', one.key), 6, signal)
  const refused = worn.filter(({ status }) => status === 429).length
  const { status } = await target.send(path, show('oversight', other.key))
  const figures = { sent: worn.length, refused, otherKeyAnswered: status }
  if (refused === 0) return fails('A key was let in more often than it may be', figures)
  return status === 200
    ? holds(figures)
    : fails('Calls of one key were counted against another key of the organisation', figures)
}
