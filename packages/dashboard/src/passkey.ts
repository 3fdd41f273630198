import type { PasskeyJson } from '@gatehouse/sdk'

/** Lets the browser use one of the person's passkeys (WebAuthn Level 3, `parseRequestOptionsFromJSON`). */
export async function usePasskeyFor(options: object): Promise<PasskeyJson> {
  // Safe: the server makes these options in the form that the browser's own parser reads, and refuses what is wrong.
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  )
  return toJson(await navigator.credentials.get({ publicKey }))
}

/** Lets the browser create a passkey (WebAuthn Level 3, `parseCreationOptionsFromJSON`). */
export async function createPasskeyFor(options: object): Promise<PasskeyJson> {
  // Safe: as above.
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  )
  return toJson(await navigator.credentials.create({ publicKey }))
}

function toJson(credential: Credential | null): PasskeyJson {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The browser gave no passkey')
  return credential.toJSON()
}
