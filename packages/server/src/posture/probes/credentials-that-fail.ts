import { randomBytes } from 'node:crypto'
import type { KeyShape } from '@gatehouse/kernel/keys'
import type { PosturePolicy } from '../posture-policy.ts'
import type { ProbeCall, ProbeOrg, Target } from '../target.ts'
import { mintKey, revoke, type ServiceName, show } from './ask.ts'

/** Each way in which a credential can be wrong, by its name; each call is made anew, so that no two are the same. */
export type FailingCalls = Readonly<Record<string, () => ProbeCall>>

/** What fails for reasons that a stranger must not be able to tell apart (G3). */
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

/** A key that is well formed but for its check, where there is one, and that nobody was given. */
function drawKey({ prefixes, alphabet, bodyLength, check }: KeyShape): string {
  return `${prefixes[0]}${draw(alphabet, bodyLength + (check?.length ?? 0))}`
}

/** What may be shown of a good key, and another secret behind it. */
function spoil({ alphabet, visibleLength }: KeyShape, key: string): string {
  return key.slice(0, visibleLength) + draw(alphabet, key.length - visibleLength)
}

function draw(alphabet: string, length: number): string {
  return [...randomBytes(length)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('')
}
