import type { PasskeyAssertion, PasskeyRegistration } from '@gatehouse/sdk'

/** Lets the browser use one of the person's passkeys (WebAuthn Level 3, `parseRequestOptionsFromJSON`). */
export async function usePasskeyFor(options: object): Promise<PasskeyAssertion> {
  // Safe: the server makes these options in the form that the browser's own parser reads, and refuses what is wrong.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  )
  // Safe: what `get` gives is an assertion, in the form of WebAuthn that the server's schema was written from.
  return toJson(await navigator.credentials.get({ publicKey })) as PasskeyAssertion
}

/** Lets the browser create a passkey (WebAuthn Level 3, `parseCreationOptionsFromJSON`). */
export async function createPasskeyFor(options: object): Promise<PasskeyRegistration> {
  // Safe: as above.
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  )
  // Safe: what `create` gives is a registration, in the same way.
  return toJson(await navigator.credentials.create({ publicKey })) as PasskeyRegistration
}

function toJson(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser gave no passkey')
  return credential.toJSON()
}
