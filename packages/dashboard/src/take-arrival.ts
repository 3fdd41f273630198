import type { MfaRequired } from '@gatehouse/sdk'

export type Connecting = { readonly linkToken: string; readonly email: string }

/** The remaining step of a user who returns from the identity provider. */
export type Arrival = { readonly second?: MfaRequired; readonly connect?: Connecting }

type Method = MfaRequired['methods'][number]
const methodNames: readonly Method[] = ['totp', 'passkey', 'recoveryCode']

/** Removes it from the address immediately: the fragment is a credential, and must not stay in the history. */
export function takeArrival(): Arrival | undefined {
  const owed = takeHash((hash) => hash.has('mfa') || hash.has('connect'))
  const [mfaToken, linkToken] = [owed?.get('mfa'), owed?.get('connect')]
  if (owed === undefined) return undefined
  if (mfaToken != null) {
    const given = new Set((owed.get('methods') ?? '').split(','))
    const methods = methodNames.filter((name) => given.has(name))
    return { second: { mfaRequired: true, mfaToken, methods } }
  }
  return linkToken == null ? undefined : { connect: { linkToken, email: owed.get('email') ?? '' } }
}

/** True once, for a browser that has just received a session cookie. */
export function hasJustSignedOn(): boolean {
  return takeHash((hash) => hash.has('signed-on')) !== undefined
}

function takeHash(isWanted: (hash: URLSearchParams) => boolean): URLSearchParams | undefined {
  const hash = new URLSearchParams(location.hash.slice(1))
  if (!isWanted(hash)) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  return hash
}
