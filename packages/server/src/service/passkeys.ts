import { jsonValue, proof, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

// WebAuthn Level 3, the JSON forms of §5.1.8 to §5.1.10: bytes are base64url without padding.
const bytes = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax, `must be at most ${charactersMax} characters long`)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url without padding')

const credentialId = bytes(1_400)
const transports = z.array(text(1, 32)).max(10)
const attachment = z.enum(['platform', 'cross-platform'])
const extensionResults = z.record(text(1, 64), jsonValue)

/** The browser's result for a passkey that it has just created. */
export const registration = proof(
  z
    .strictObject({
      id: credentialId,
      rawId: credentialId,
      type: z.literal('public-key'),
      response: z.strictObject({
        clientDataJSON: bytes(4_096),
        attestationObject: bytes(16_384),
        authenticatorData: bytes(16_384).optional(),
        transports: transports.optional(),
        publicKeyAlgorithm: z.int().optional(),
        publicKey: bytes(8_192).optional(),
      }),
      authenticatorAttachment: attachment.optional(),
      clientExtensionResults: extensionResults,
    })
    .meta({ id: 'PasskeyRegistration' }),
)

/** The browser's result for a passkey that a person has just used. */
export const assertion = proof(
  z
    .strictObject({
      id: credentialId,
      rawId: credentialId,
      type: z.literal('public-key'),
      response: z.strictObject({
        clientDataJSON: bytes(4_096),
        authenticatorData: bytes(4_096),
        signature: bytes(8_192),
        userHandle: bytes(128).optional(),
      }),
      authenticatorAttachment: attachment.optional(),
      clientExtensionResults: extensionResults,
    })
    .meta({ id: 'PasskeyAssertion' }),
)

export type WireRegistration = z.output<typeof registration>
export type WireAssertion = z.output<typeof assertion>

const credential = z.strictObject({
  type: z.literal('public-key'),
  id: z.string(),
  transports: z.array(z.string()).optional(),
})
const userVerification = z.literal('required')

/** Options for `navigator.credentials.create`, parsed with `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export const creationOptions = z
  .strictObject({
    rp: z.strictObject({ id: z.string(), name: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
    timeout: z.int(),
    attestation: z.literal('none'),
    excludeCredentials: z.array(credential),
    authenticatorSelection: z.strictObject({ residentKey: z.literal('preferred'), userVerification }),
  })
  .meta({ id: 'PasskeyCreationOptions' })

/** Options for `navigator.credentials.get`, parsed with `PublicKeyCredential.parseRequestOptionsFromJSON`. */
export const requestOptions = z
  .strictObject({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.int(),
    allowCredentials: z.array(credential),
    userVerification,
  })
  .meta({ id: 'PasskeyRequestOptions' })

export type WireCreationOptions = z.output<typeof creationOptions>
export type WireRequestOptions = z.output<typeof requestOptions>

/**
 * Loads the library that verifies authenticators. It is large, so it is loaded with the first passkey instead of at the
 * start.
 */
export const loadWebAuthn = () => import('@simplewebauthn/server')
