import type { KeyShape } from '@gatehouse/kernel/keys'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const

const keyShape = {
  prefixes: ['ak_'],
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  bodyLength: 32,
  visibleLength: 11,
  check: { algorithm: 'crc-32', length: 6 },
} as const satisfies KeyShape

/**
 * The service's limits and constants, defined once: code, documents and the security page read them from here
 * (specification 2.1).
 */
export const volatilityPolicy = {
  keyShape,
  /** Query parameters in which a credential is refused, because proxies and logs store URLs (wire W1). */
  keyNamesInUrl: ['api_key', 'key', 'token'],
  defaultTimeframe: '1m',
  defaultPreset: 'balanced',
  jsonDepthMax: 20,
  isRepeatUnreadable: true,
  /** A symbol is stale if its last closed minute ended longer ago than this. */
  staleAfterMs: 150_000,
  /** How long after a minute's end its bar may arrive, and how long a suspect one waits for confirmation. */
  closeGraceMs: 10_000,
  /** How old a gap must be before a series continues without asking the venue, if the venue cannot be reached. */
  gapWaitMs: 600_000,
  backfillDays: { '1m': 30, '5m': 60, '15m': 120, '1h': 365, '4h': 730, '1d': 1_500 },
  /** For venues that are not a symbol's primary one. */
  backfillBars: 1_000,
  /** Changes detected later than this are recorded, but not published. */
  publishLateMaxMs: 86_400_000,
  /** Derivatives readings older than this are not shown. */
  readingStaleAfterMs: 600_000,
  retentionDays: { shortBars: 400, readings: 400, events: 30, feedback: 400, deliveries: 30 },
  /** Specification 10. */
  stream: {
    messageBytesMax: 16_384,
    unprovenPerAddressMax: 10,
    authWithinMs: 5_000,
    pingEveryMs: 20_000,
    pongWithinMs: 40_000,
    heartbeatMs: 15_000,
    messagesMax: 30,
    messagesWindowMs: 10_000,
    badMessagesMax: 5,
    badMessagesWindowMs: 60_000,
    subscriptionsMax: 50,
    /** A client with more unread data than this, or with older data, is disconnected. */
    unsentBytesMax: 1_048_576,
    unsentMsMax: 5_000,
    replayMs: 86_400_000,
    replayedMax: 10_000,
    /** A replay pauses while more than this is unread. */
    replayBytesAhead: 262_144,
    replayPauseMs: 20,
    eventsPerRead: 500,
    /** The polling interval for events, in case a notification is lost. */
    pollEveryMs: 1_000,
    /** How often slow and silent clients are looked for. */
    lookEveryMs: 1_000,
    /** How long connections of a node count after its last renewal; and the interval of renewals. */
    useHeldMs: 30_000,
    renewUseEveryMs: 10_000,
  },
  /** Specification 9.3. */
  export: {
    barsMax: 5_000_000,
    daysDefault: 400,
    barsPerPage: 8_192,
    /** Rows that are written to the client at once. */
    rowsAtOnce: 512,
    runningPerNode: 4,
    stalledMs: 60_000,
  },
  usage: { hoursMax: 2_160, hoursDefault: 24, daysMax: 90 },
  publicFigures: { windowDays: 30, cachedMs: 300_000, askSelfEveryMs: 60_000 },
  /** Time budget of one computation on its thread. */
  computeBudgetMs: 2_000,
  /** Bars cached for computations, at some 70 bytes each. */
  historyBarsMax: 3_000_000,
  leadLag: { maxLagBars: 120 },
  /** The limit depends on the plan. */
  backtests: { name: 'volatility-backtests', ...perMinute },
  /** The former name of conditional-returns: its dates of deprecation and removal. */
  forecast: { deprecatedAtMs: Date.UTC(2026, 3, 16), sunsetMs: Date.UTC(2027, 0, 30) },
  gate: {
    credentialHeaders: ['authorization', 'x-api-key'],
    floorMs: 80,
    floorOn: 'failures',
    beforeProof: { name: 'volatility-before-proof', limit: 60, ...perMinute },
    perKey: { name: 'volatility-org', limit: 60_000, ...perMinute },
    perKeyBy: 'org',
    perUser: { name: 'dashboard-user', limit: 60, ...perMinute },
  },
  publicLimits: {
    anonymous: { name: 'volatility-anonymous', limit: 60, ...perMinute },
    paddle: { name: 'volatility-paddle', limit: 600, ...perMinute },
  },
  scopes: [
    'regime:read',
    'stream:read',
    'backtest:run',
    'presets:read',
    'presets:write',
    'webhooks:read',
    'webhooks:write',
    'account:read',
    'account:write',
    'billing:read',
  ],
} as const

/** The scopes of a key created without a list: all except reading invoices. */
export const volatilityDefaultScopes = volatilityPolicy.scopes.filter((scope) => scope !== 'billing:read')
