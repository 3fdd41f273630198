import type { Belonging } from './member.ts'

/**
 * The orgs that a session may act in: the one whose issuer vouched for it, and no other; without an issuer, every org
 * that does not insist on its own.
 */
export function toReachable(
  belongings: readonly Belonging[],
  confinedTo: string | null,
): readonly Belonging[] {
  return belongings.filter(({ orgId, needsIssuer }) =>
    confinedTo === null ? !needsIssuer : orgId === confinedTo,
  )
}
