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
  readonly refreshToken: string
}

export type TokenPair = Pick<SignedIn, 'accessToken' | 'refreshToken'>
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
    readonly createdAt: string
  }
  readonly teams: readonly { readonly id: string; readonly name: string; readonly role: Role }[]
  readonly teamId: string
  readonly role: Role
}
