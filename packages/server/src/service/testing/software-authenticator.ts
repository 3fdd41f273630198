import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type { WireAssertion, WireCreationOptions, WireRegistration, WireRequestOptions } from '../passkeys.ts'

export type SoftwareAuthenticator = {
  readonly create: (options: WireCreationOptions, origin: string) => WireRegistration
  /** `isVerified`: whether it says that it has recognised its person. `counter`: what it claims to count. */
  readonly use: (
    options: WireRequestOptions,
    origin: string,
    claims?: { readonly isVerified?: boolean; readonly counter?: number },
  ) => WireAssertion
}

const present = 0x01
const verified = 0x04
const attested = 0x40

/** An authenticator in memory, with one ES256 key and no attestation (WebAuthn Level 3 §6.1 and §6.5). */
export function softwareAuthenticator(): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const credentialId = randomBytes(32)
  const id = credentialId.toString('base64url')
  let counted = 0

  const toClientData = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  const toAuthenticatorData = (rpId: string, flags: number, counter: number, rest: Buffer): Buffer => {
    const counts = Buffer.alloc(4)
    counts.writeUInt32BE(counter)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), counts, rest])
  }

  return {
    create: ({ challenge, rp }, origin) => {
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const coseKey = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
        ]),
      )
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const credential = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey])
      const authData = toAuthenticatorData(rp.id, present | verified | attested, counted, credential)
      const attestation = isoCBOR.encode(
        new Map<string, string | Uint8Array | Map<string, string>>([
          ['fmt', 'none'],
          ['attStmt', new Map<string, string>()],
          ['authData', new Uint8Array(authData)],
        ]),
      )
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: toClientData('webauthn.create', challenge, origin).toString('base64url'),
          attestationObject: Buffer.from(attestation).toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },
    use: ({ challenge, rpId }, origin, { isVerified = true, counter = (counted += 1) } = {}) => {
      const clientData = toClientData('webauthn.get', challenge, origin)
      const flags = isVerified ? present | verified : present
      const authData = toAuthenticatorData(rpId, flags, counter, Buffer.alloc(0))
      const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()])
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
        clientExtensionResults: {},
      }
    },
  }
}
