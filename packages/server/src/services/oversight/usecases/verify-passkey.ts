import { loadWebAuthn } from '../../../service/passkeys.ts'
import type { Attestation } from '../contract/interaction-shape.ts'
import type { Authenticator } from '../store/authenticator-store.ts'
import { isOriginOf } from './relying-party.ts'

export type PasskeyAttestation = Extract<Attestation, { readonly method: 'passkey' }>

/**
 * Verifies an assertion over exactly this challenge, with user verification and an allowed origin, and returns the
 * authenticator's signature counter; undefined if it is invalid. A counter that does not increase indicates a cloned
 * authenticator (WebAuthn Level 3 §6.1.1).
 */
export async function verifyPasskey(
  authenticator: Authenticator,
  attestation: PasskeyAttestation,
  challenge: string,
): Promise<number | undefined> {
  const origin = originOf(attestation.client_data_json)
  if (origin === undefined || !isOriginOf(origin, authenticator.rpId)) return undefined
  try {
    const { verifyAuthenticationResponse } = await loadWebAuthn()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: attestation.credential_id,
        rawId: attestation.credential_id,
        type: 'public-key',
        response: {
          clientDataJSON: attestation.client_data_json,
          authenticatorData: attestation.authenticator_data,
          signature: attestation.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: authenticator.rpId,
      credential: {
        id: authenticator.credentialId,
        publicKey: Uint8Array.from(authenticator.publicKey),
        counter: authenticator.signCount,
      },
      requireUserVerification: true,
    })
    return verified ? authenticationInfo.newCounter : undefined
  } catch {
    // The library throws for every malformed or invalid assertion; all of them are one refusal here.
    return undefined
  }
}

/** The origin that the client data claims. */
export function originOf(clientData: string): string | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8'))
    return typeof data === 'object' && data !== null && 'origin' in data && typeof data.origin === 'string'
      ? data.origin
      : undefined
  } catch {
    return undefined
  }
}
