export type Role = 'owner' | 'member' | 'viewer'

export type SignedIn = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly teamId: string
    readonly role: Role
  }
  readonly accessToken: string
  /** Absent when it was handed over as a cookie. */
  readonly refreshToken?: string
}

export type TokenPair = Pick<SignedIn, 'accessToken' | 'refreshToken'>
/** The password was right, and a second factor is asked for: finish with `mfa.verify` within 5 minutes. */
export type MfaRequired = {
  readonly mfaRequired: true
  readonly mfaToken: string
  readonly methods: readonly ('totp' | 'passkey' | 'recoveryCode')[]
}

/** What a browser's `PublicKeyCredential.toJSON()` gives. */
export type PasskeyJson = object

export type MfaProof =
  | { readonly code: string }
  | { readonly recoveryCode: string }
  | { readonly passkey: PasskeyJson }

export type SudoProof =
  | { readonly password: string }
  | { readonly totpCode: string }
  | { readonly emailCode: string }
  | { readonly passkey: PasskeyJson }

export type SudoMethods = {
  readonly methods: readonly ('password' | 'totpCode' | 'emailCode' | 'passkey')[]
  /** For `navigator.credentials.get`; null without a passkey. */
  readonly passkey: object | null
  readonly emailSent: boolean
}

export type SudoToken = { readonly sudoToken: string; readonly expiresAt: string }

export type Factor = {
  readonly id: string
  readonly type: 'totp' | 'passkey'
  readonly name: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
}

/** Recovery codes come with the first factor, and are shown this once. */
export type NewFactor = { readonly factor: Factor; readonly recoveryCodes: readonly string[] | null }

export type Credentials = { readonly email: string; readonly password: string }
/** `token` is the one of the one-time link. */
export type FirstOwner = Credentials & {
  readonly token: string
  readonly name: string
  readonly orgName: string
}

export type Me = {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name: string
    readonly emailVerifiedAt: string | null
    readonly language: string
    readonly timeZone: string
    /** When the account is deleted, if its person wants that. */
    readonly deletionScheduledAt: string | null
    readonly createdAt: string
  }
  readonly teams: readonly { readonly id: string; readonly name: string; readonly role: Role }[]
  readonly teamId: string
  readonly role: Role
  readonly instanceAdmin: boolean
}
