export const factorKinds = ['totp', 'passkey'] as const
export type FactorKind = (typeof factorKinds)[number]

/** How a person can prove themselves after the password. */
export const secondFactorMethods = ['totp', 'passkey', 'recoveryCode'] as const
export type SecondFactorMethod = (typeof secondFactorMethods)[number]

/** How a person who is logged in can prove themselves once more. */
export const sudoMethods = ['password', 'totp', 'passkey', 'emailCode', 'issuer'] as const
export type SudoMethod = (typeof sudoMethods)[number]

export type Factor = {
  readonly id: string
  readonly kind: FactorKind
  readonly name: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
}

/** A public key that an authenticator keeps the other half of. */
export type Passkey = {
  readonly id: string
  readonly userId: string
  readonly name: string
  /** Base64url, as the browser spells it. */
  readonly credentialId: string
  /** COSE bytes. */
  readonly publicKey: Buffer
  readonly counter: number
  readonly transports: readonly string[]
  readonly isBackedUp: boolean
}
