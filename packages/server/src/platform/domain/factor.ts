export const factorKinds = ['totp', 'passkey'] as const
export type FactorKind = (typeof factorKinds)[number]

/** The ways to prove one's identity after the password. */
export const secondFactorMethods = ['totp', 'passkey', 'recoveryCode'] as const
export type SecondFactorMethod = (typeof secondFactorMethods)[number]

/** The ways in which a logged-in person can prove their identity again. */
export const sudoMethods = ['password', 'totp', 'passkey', 'emailCode', 'issuer'] as const
export type SudoMethod = (typeof sudoMethods)[number]

export type Factor = {
  readonly id: string
  readonly kind: FactorKind
  readonly name: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | null
}

/** The public key of a passkey; the authenticator keeps the private key. */
export type Passkey = {
  readonly id: string
  readonly userId: string
  readonly name: string
  /** Base64url, as browsers send it. */
  readonly credentialId: string
  /** The public key in COSE encoding. */
  readonly publicKey: Buffer
  readonly counter: number
  readonly transports: readonly string[]
  readonly isBackedUp: boolean
}
