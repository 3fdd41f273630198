import { fails, type Finding, holds } from '../finding.ts'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeAnswer, Target } from '../target.ts'
import { assertSeen, firstOrg, lightPaths, type ServiceName } from './ask.ts'
import { credentialsThatFail } from './credentials-that-fail.ts'

const services = ['uptime', 'oversight', 'volatility'] as const
/** Headers that differ between any two answers. */
const ownHeaders = new Set(['x-request-id', 'date', 'ratelimit', 'ratelimit-policy'])

/** Sends a service each kind of invalid credential, and compares the answers byte for byte. */
export async function lookAlike(
  target: Target,
  _signal: AbortSignal,
  policy: PosturePolicy,
): Promise<Finding> {
  let compared = 0
  for (const service of services) {
    const different = await findDifferent(target, service, policy)
    if (different !== undefined)
      return fails(`At ${service}, a credential that is ${different} is answered in words of its own`)
    compared += 1
  }
  return holds({ services: compared })
}

async function findDifferent(
  target: Target,
  service: ServiceName,
  policy: PosturePolicy,
): Promise<string | undefined> {
  const calls = await credentialsThatFail(target, firstOrg(target), service, policy)
  let first: string | undefined
  for (const [cause, toCall] of Object.entries(calls)) {
    const answer = await target.send(lightPaths[service], toCall())
    assertSeen(answer, lightPaths[service])
    const seen = toComparable(answer)
    if (answer.status !== 401 || (first !== undefined && seen !== first)) return cause
    first = seen
  }
  return undefined
}

function toComparable({ status, headers, text }: ProbeAnswer): string {
  const requestId = headers.get('x-request-id') ?? '\0'
  const body = text.replaceAll(requestId, 'REQUEST').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
  const rest = [...headers].filter(([name]) => !ownHeaders.has(name))
  return JSON.stringify([status, body, rest])
}
