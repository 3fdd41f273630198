import type { KeyVerdict } from '@gatehouse/kernel/keys'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import type { SessionVerdict } from '@gatehouse/kernel/sessions'
import type { Proof } from './authenticate.ts'

/** Turns a verifier's verdict into a proof: the principal, with the address it was authenticated from. */
export function toProof(verdict: KeyVerdict, ip: string): Proof<KeyPrincipal>
export function toProof(verdict: SessionVerdict, ip: string): Proof<MemberPrincipal>
export function toProof(
  verdict: KeyVerdict | SessionVerdict,
  ip: string,
): Proof<KeyPrincipal | MemberPrincipal> {
  if (!verdict.accepted) return verdict
  if ('keyId' in verdict) {
    const { orgId, service, keyId, keyPrefix, scopes, requestsPerWindow } = verdict
    return {
      accepted: true,
      principal: { kind: 'key', orgId, service, keyId, keyPrefix, scopes, ip },
      requestsPerWindow,
    }
  }
  const { orgId, userId, sessionId, role, isConfined } = verdict
  return {
    accepted: true,
    principal: {
      kind: 'member',
      orgId,
      userId,
      sessionId,
      role,
      ip,
      ...(isConfined ? { isConfined } : {}),
    },
    requestsPerWindow: null,
  }
}
