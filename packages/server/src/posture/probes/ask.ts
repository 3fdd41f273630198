import type { ProbeCall, ProbeOrg, Target } from '../target.ts'

/** The parsed reply of a call that must succeed for the probe to go on; where it does not, the probe finds nothing. */
export async function ask<Reply>(target: Target, path: string, call: ProbeCall = {}): Promise<Reply> {
  const { status, text } = await target.send(path, call)
  if (status >= 300) throw new Error(`${call.method ?? ''} ${path} answered ${status}`)
  // Safe: the server parses its replies with the schemas that these types are read from.
  return JSON.parse(text) as Reply
}

/** What a call of the org's owner carries, a fresh proof of who it is included. */
export function asOwner({ owner }: ProbeOrg): Pick<ProbeCall, 'credential' | 'headers'> {
  if (owner === null) throw new Error('The run has no owner of an org to act as')
  return { credential: owner.accessToken, headers: { 'x-sudo-token': owner.sudoToken } }
}

export function firstOrg({ orgs }: Target): ProbeOrg {
  const [first] = orgs
  if (first === undefined) throw new Error('The run has no org to act in')
  return first
}
