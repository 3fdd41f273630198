export type ApiKey = {
  readonly id: string
  readonly name: string
  readonly service: string
  readonly mode: 'live' | 'test'
  readonly keyPrefix: string
  readonly scopes: readonly string[]
  readonly type: 'persistent' | 'expiring' | 'session'
  readonly expiresAt: string | null
  readonly ipAllow: readonly string[]
  readonly rateLimit: number | null
  readonly createdBy: string
  readonly lastUsedAt: string | null
  readonly createdAt: string
}

/** The only answer that ever holds the key itself. */
export type RevealedApiKey = ApiKey & { readonly key: string }

export type NewApiKey = {
  readonly name: string
  readonly service: string
  /** Those of the service, or the shorthands `read` and `write` for all of them. */
  readonly scopes: readonly string[]
  /** Follows from `expiresAt` unless given; a `session` key lives 24 hours at most. */
  readonly type?: ApiKey['type']
  readonly expiresAt?: string
  readonly ipAllow?: readonly string[]
  /** Requests a minute. */
  readonly rateLimit?: number
}

export type ApiKeyChange = {
  readonly name?: string
  readonly scopes?: readonly string[]
  readonly ipAllow?: readonly string[]
  readonly rateLimit?: number | null
}
