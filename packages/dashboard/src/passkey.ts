import type { PasskeyAssertion, PasskeyRegistration } from '@gatehouse/sdk'

/**
 * Asks the browser for an assertion by one of the user's passkeys (WebAuthn Level 3, `parseRequestOptionsFromJSON`).
 */
export async function usePasskeyFor(options: object): Promise<PasskeyAssertion> {
  // Safe: the server creates these options in the form that the browser's parser accepts; the parser throws for invalid
  // ones.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  )
  // Safe: `get` returns an assertion in the WebAuthn form that the server's schema describes.
  return toJson(await navigator.credentials.get({ publicKey })) as PasskeyAssertion
}

/** Asks the browser to create a passkey (WebAuthn Level 3, `parseCreationOptionsFromJSON`). */
export async function createPasskeyFor(options: object): Promise<PasskeyRegistration> {
  // Safe: as above.
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  )
  // Safe: `create` returns a registration, in the same way.
  return toJson(await navigator.credentials.create({ publicKey })) as PasskeyRegistration
}

function toJson(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser gave no passkey')
  return credential.toJSON()
}
