import type { Belonging } from './member.ts'

/**
 * The orgs in which a session may act: only the one whose issuer vouched for it, or, without an issuer, every org that
 * does not require its own.
 */
export function toReachable(
  belongings: readonly Belonging[],
  confinedTo: string | null,
): readonly Belonging[] {
  return belongings.filter(({ orgId, needsIssuer }) =>
    confinedTo === null ? !needsIssuer : orgId === confinedTo,
  )
}
