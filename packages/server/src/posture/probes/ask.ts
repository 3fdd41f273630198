import { z } from 'zod'
import type { ProbeOwner } from '../../service/probe-orgs.ts'
import type { ProbeAnswer, ProbeCall, ProbeOrg, Target } from '../target.ts'

/**
 * A probe could not observe what it was to judge: the target refused a precondition, or gave too little. The run
 * reports `unknown`, never `fails`.
 */
export class UnseenError extends Error {}

export type ServiceName = 'uptime' | 'oversight' | 'volatility'

/** Makes a call that must succeed before there is anything to judge. */
export async function send(target: Target, path: string, call: ProbeCall = {}): Promise<ProbeAnswer> {
  const answer = await target.send(path, call)
  if (answer.status >= 300)
    throw new UnseenError(`${call.method ?? 'GET'} ${path} answered ${answer.status}, so nothing can be said`)
  return answer
}

/** The answer of such a call, parsed; members beyond the schema are ignored. */
export async function ask<Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
  path: string,
  call: ProbeCall = {},
): Promise<z.output<Schema>> {
  const { text } = await send(target, path, call)
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) throw new UnseenError(`${path} answered something else than it documents`)
  return parsed.data
}

/** Throws for an answer that was caused by a limit or an outage, and says nothing about the control. */
export function assertSeen({ status }: Pick<ProbeAnswer, 'status'>, path: string): void {
  if (status === 429 || status === 503) throw new UnseenError(`${path} answered ${status} to the probe`)
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function firstOrg({ orgs: [org] }: Target): ProbeOrg {
  if (org === undefined) throw new UnseenError('This probe needs an organisation of its own')
  return org
}

export function bothOrgs({ orgs: [org, other] }: Target): readonly [ProbeOrg, ProbeOrg] {
  if (org === undefined || other === undefined)
    throw new UnseenError('This probe needs two organisations of its own')
  return [org, other]
}

export function ownerOf({ owner }: ProbeOrg): ProbeOwner {
  if (owner === null) throw new UnseenError('This probe needs the log-in of an owner')
  return owner
}

export function keyOf({ keys }: ProbeOrg, service: ServiceName): string {
  const key = keys[service]
  if (key === undefined) throw new UnseenError(`This probe needs a key of the service ${service}`)
  return key
}

/** Sends a key, in the header that its service reads. */
export function show(service: ServiceName, key: string): Pick<ProbeCall, 'credential' | 'headers'> {
  return service === 'oversight' ? { headers: { 'x-api-key': key } } : { credential: key }
}

/** Sends the credentials of an owner, with a fresh proof. */
export function asOwner(org: ProbeOrg): Pick<ProbeCall, 'credential' | 'headers'> {
  const { accessToken, sudoToken } = ownerOf(org)
  return { credential: accessToken, headers: { 'x-sudo-token': sudoToken } }
}

const minted = z.object({ apiKey: z.object({ id: z.string(), key: z.string() }) })

export type ProbeKey = { readonly id: string; readonly key: string }

/** Makes a key for one probe, which may use it up. */
export async function mintKey(
  target: Target,
  org: ProbeOrg,
  service: ServiceName,
  more: Readonly<Record<string, unknown>> = {},
): Promise<ProbeKey> {
  const body = { name: 'posture probe', service, ...more }
  const { apiKey } = await ask(target, minted, '/dashboard/api-keys', {
    method: 'POST',
    ...asOwner(org),
    body,
  })
  return apiKey
}

export async function revoke(target: Target, org: ProbeOrg, { id }: ProbeKey): Promise<void> {
  await send(target, `/dashboard/api-keys/${id}`, { method: 'DELETE', ...asOwner(org) })
}

/** A path of each service that any of its keys may read, and that costs the server little. */
export const lightPaths: Readonly<Record<ServiceName, string>> = {
  uptime: '/api/v1/services',
  oversight: '/v1/organization/settings',
  volatility: '/v1/presets/custom',
}
