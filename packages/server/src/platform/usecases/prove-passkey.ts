import { isIP } from 'node:net'
import { asGate } from '@gatehouse/kernel/db'
import { loadWebAuthn, type WireAssertion, type WireRequestOptions } from '../../service/passkeys.ts'
import type { PlatformDeps } from '../deps.ts'
import type { Passkey } from '../domain/factor.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { listPasskeys, setPasskeyUsed } from '../store/factor-store.ts'
import { type ChallengePlace, setChallenge, takeChallenge } from '../store/sudo-store.ts'

export const challengeMs = policy.challengeMinutes * 60_000

export type RelyingParty = { readonly id: string; readonly origin: string }

/**
 * The name and origin that passkeys belong to; throws when the host is an IP address, for which passkeys do not exist
 * (WebAuthn Level 3 §4, RP ID).
 */
export function relyingParty({ publicUrl }: Pick<PlatformDeps, 'publicUrl'>): RelyingParty {
  const { hostname, origin } = new URL(publicUrl())
  if (isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0) throw problems.PASSKEYS_UNAVAILABLE()
  return { id: hostname, origin }
}

export type PasskeyDeps = Pick<PlatformDeps, 'db' | 'clock' | 'publicUrl'>

/** Makes a challenge for any of the person's passkeys; undefined when there is none. */
export async function challengePasskeys(
  deps: PasskeyDeps,
  place: ChallengePlace,
): Promise<WireRequestOptions | undefined> {
  const passkeys = await asGate(deps, (tx) => listPasskeys(tx, place.userId))
  if (passkeys.length === 0) return undefined
  const { id: rpID } = relyingParty(deps)
  const { generateAuthenticationOptions } = await loadWebAuthn()
  const { challenge } = await generateAuthenticationOptions({ rpID, timeout: challengeMs })
  await asGate(deps, (tx) => setChallenge(tx, place, challenge, deps.clock.now() + challengeMs))
  return {
    challenge,
    rpId: rpID,
    timeout: challengeMs,
    allowCredentials: passkeys.map(toDescriptor),
    userVerification: 'required',
  }
}

export function toDescriptor({ credentialId, transports }: Passkey) {
  return { type: 'public-key' as const, id: credentialId, transports: [...transports] }
}

export type PasskeyVerdict =
  | { readonly proven: true }
  | {
      readonly proven: false
      readonly reason: 'no_challenge' | 'unknown_passkey' | 'wrong_passkey' | 'passkey_copied'
    }

/** Whether a passkey of the person signed the open challenge, which the attempt uses up. */
export async function provePasskey(
  deps: PasskeyDeps,
  place: ChallengePlace,
  assertion: WireAssertion,
): Promise<PasskeyVerdict> {
  const { id: expectedRPID, origin: expectedOrigin } = relyingParty(deps)
  const now = deps.clock.now()
  const { challenge, passkeys } = await asGate(deps, async (tx) => ({
    challenge: await takeChallenge(tx, place, now),
    passkeys: await listPasskeys(tx, place.userId),
  }))
  if (challenge === undefined) return { proven: false, reason: 'no_challenge' }
  const passkey = passkeys.find(({ credentialId }) => credentialId === assertion.id)
  if (passkey === undefined) return { proven: false, reason: 'unknown_passkey' }
  const counter = await verify(passkey, assertion, { challenge, expectedOrigin, expectedRPID })
  if (counter === undefined) return { proven: false, reason: 'wrong_passkey' }
  const isFresh = await asGate(deps, (tx) => setPasskeyUsed(tx, passkey.id, counter, now))
  return isFresh ? { proven: true } : { proven: false, reason: 'passkey_copied' }
}

type Expected = {
  readonly challenge: string
  readonly expectedOrigin: string
  readonly expectedRPID: string
}

/** The authenticator's counter; undefined when the assertion is not valid. */
async function verify(
  { credentialId, publicKey }: Passkey,
  assertion: WireAssertion,
  { challenge, expectedOrigin, expectedRPID }: Expected,
): Promise<number | undefined> {
  try {
    const { verifyAuthenticationResponse } = await loadWebAuthn()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: toResponse(assertion),
      expectedChallenge: challenge,
      expectedOrigin,
      expectedRPID,
      // The counter is compared in the database, in the statement that replaces it.
      credential: { id: credentialId, publicKey: Uint8Array.from(publicKey), counter: 0 },
      requireUserVerification: true,
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    // The library throws for every malformed or forged assertion; all are the same refusal here.
    return undefined
  }
}

/** The browser's own extension results prove nothing and are dropped. */
function toResponse({ id, rawId, type, response }: WireAssertion) {
  const { clientDataJSON, authenticatorData, signature } = response
  return {
    id,
    rawId,
    type,
    response: { clientDataJSON, authenticatorData, signature },
    clientExtensionResults: {},
  }
}
