import { loadWebAuthn } from '../../../service/passkeys.ts'
import type { Attestation } from '../contract/interaction-shape.ts'
import type { Authenticator } from '../store/authenticator-store.ts'
import { isOriginOf } from './relying-party.ts'

export type PasskeyAttestation = Extract<Attestation, { readonly method: 'passkey' }>

/**
 * The authenticator's counter when it signed this very challenge, with its person recognised, for a page of its own name;
 * undefined when anything does not fit. A counter that does not go up is a copy (WebAuthn Level 3 §6.1.1).
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
    // The library throws for every way in which an assertion can be malformed or false; all are one refusal here.
    return undefined
  }
}

/** Which page it says that it was made for. */
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
