import type { MfaRequired } from '@gatehouse/sdk'

export type Connecting = { readonly linkToken: string; readonly email: string }

/** What somebody still owes who comes back from their organisation's sign-in server. */
export type Arrival = { readonly second?: MfaRequired; readonly connect?: Connecting }

type Method = MfaRequired['methods'][number]
const methodNames: readonly Method[] = ['totp', 'passkey', 'recoveryCode']

/** Taken out of the address at once: what stands behind the `#` proves something, and belongs into no history. */
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

/** True once for a browser that has just got the cookie of a session. */
export function hasJustSignedOn(): boolean {
  return takeHash((hash) => hash.has('signed-on')) !== undefined
}

function takeHash(isWanted: (hash: URLSearchParams) => boolean): URLSearchParams | undefined {
  const hash = new URLSearchParams(location.hash.slice(1))
  if (!isWanted(hash)) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  return hash
}
