export type EgressScheme = 'http' | 'https' | 'tcp' | 'tls'

/** What one kind of caller may do on the network. A service states its own in its `policy.ts`. */
export type EgressPolicy = {
  /** Sent with every HTTP request; no header can replace it. */
  readonly userAgent: string
  readonly schemes: readonly EgressScheme[]
  readonly ports: 'any' | readonly number[]
  /** The only host names that may be reached, in lower case; undefined allows every one. */
  readonly hosts?: readonly string[]
  /** Whether ports 25, 465 and 587, which speak SMTP, may be dialled; true for the mail sender alone. */
  readonly mailPorts: boolean
  /**
   * True only where the operator wrote the host into the server's own configuration, such as an SMTP relay on a private
   * network: the operator could reach it anyway, so the address table would protect nobody. Metadata addresses stay shut.
   */
  readonly operatorConfigured: boolean
  /** The timeout of look-up and connection together, over all addresses. */
  readonly connectTimeoutMs: number
  /** The deadline of a whole request; a caller may ask for a shorter one. */
  readonly totalTimeoutMs: number
  readonly headerBytesMax: number
  /** Bounds for the interim answers (1xx) before the final one: their number, and their bytes. */
  readonly interimAnswersMax: number
  readonly interimBytesMax: number
  readonly handshakeBytesMax: number
  /** Counted after decompression. */
  readonly bodyBytesMax: number
  readonly addressesMax: number
}

/** The figures of control E6, with as little permitted as possible; a policy spreads them and states what differs. */
export const egressDefaults = {
  schemes: ['http', 'https'],
  ports: 'any',
  mailPorts: false,
  operatorConfigured: false,
  connectTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  headerBytesMax: 16_384,
  interimAnswersMax: 4,
  interimBytesMax: 32_768,
  handshakeBytesMax: 65_536,
  bodyBytesMax: 1_048_576,
  addressesMax: 3,
} as const satisfies Omit<EgressPolicy, 'userAgent'>
