import { randomBytes } from 'node:crypto'
import type { KeyShape } from '@gatehouse/kernel/keys'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeCall, ProbeOrg, Target } from '../target.ts'
import { mintKey, revoke, type ServiceName, show } from './ask.ts'

/** Calls with each kind of invalid credential, by name; each is made anew, so that no two are equal. */
export type FailingCalls = Readonly<Record<string, () => ProbeCall>>

/** The kinds of invalid credential that a client must not be able to tell apart (G3). */
export async function credentialsThatFail(
  target: Target,
  org: ProbeOrg,
  service: ServiceName,
  policy: PosturePolicy,
): Promise<FailingCalls> {
  const { keyShape: shape } = policy[service]
  if (shape === null) throw new Error(`No key opens ${service}`)
  const [good, revoked] = [await mintKey(target, org, service), await mintKey(target, org, service)]
  const elsewhere = await mintKey(target, org, service, { ipAllow: ['203.0.113.0/24'] })
  await revoke(target, org, revoked)
  return {
    missing: () => ({}),
    malformed: () => show(service, `${shape.prefixes[0]}short`),
    unknown: () => show(service, drawKey(shape)),
    'wrong secret': () => show(service, spoil(shape, good.key)),
    revoked: () => show(service, revoked.key),
    'not allowed from here': () => show(service, elsewhere.key),
  }
}

/** A key in the right format except for its check, if there is one, which nobody was given. */
function drawKey({ prefixes, alphabet, bodyLength, check }: KeyShape): string {
  return `${prefixes[0]}${draw(alphabet, bodyLength + (check?.length ?? 0))}`
}

/** The visible part of a valid key, with another secret behind it. */
function spoil({ alphabet, visibleLength }: KeyShape, key: string): string {
  return key.slice(0, visibleLength) + draw(alphabet, key.length - visibleLength)
}

function draw(alphabet: string, length: number): string {
  return [...randomBytes(length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}
