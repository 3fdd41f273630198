import type { KeyShape } from '@gatehouse/kernel/keys'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const

const keyShape = {
  prefixes: ['ak_'],
  alphabet: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  bodyLength: 32,
  visibleLength: 11,
  check: { algorithm: 'crc-32', length: 6 },
} as const satisfies KeyShape

/** The service's figures, once: code, documents and the security page read them from here (specification 2.1). */
export const volatilityPolicy = {
  keyShape,
  /** Where a credential must not stand in a URL: proxies and logs keep URLs (wire W1). */
  keyNamesInUrl: ['api_key', 'key', 'token'],
  defaultTimeframe: '1m',
  defaultPreset: 'balanced',
  jsonDepthMax: 20,
  isRepeatUnreadable: true,
  /** A symbol is stale when the end of its last closed minute is longer ago than this. */
  staleAfterMs: 150_000,
  /** How long after a minute's end its bar may come, and a suspect one may wait to be told again. */
  closeGraceMs: 10_000,
  /** How old a hole must be before a series goes on while the venue cannot be asked about it. */
  gapWaitMs: 600_000,
  backfillDays: { '1m': 30, '5m': 60, '15m': 120, '1h': 365, '4h': 730, '1d': 1_500 },
  /** Of venues that are not a symbol's primary one. */
  backfillBars: 1_000,
  /** A change that was found later than this is recorded, and nobody is told. */
  publishLateMaxMs: 86_400_000,
  /** A reading of derivatives is too old to be shown after this. */
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
    /** A client that has more than this unread, or something for longer, is cut. */
    unsentBytesMax: 1_048_576,
    unsentMsMax: 5_000,
    replayMs: 86_400_000,
    replayedMax: 10_000,
    /** A replay waits while more than this is unread. */
    replayBytesAhead: 262_144,
    replayPauseMs: 20,
    eventsPerRead: 500,
    /** How long an event can go unnoticed where the word of it is lost. */
    pollEveryMs: 1_000,
    /** How often slow and silent clients are looked for. */
    lookEveryMs: 1_000,
    /** For how long the connections of a node count that is not heard of; and how often it is heard of. */
    useHeldMs: 30_000,
    renewUseEveryMs: 10_000,
  },
  /** Specification 9.3. */
  export: {
    barsMax: 5_000_000,
    daysDefault: 400,
    barsPerPage: 8_192,
    runningPerNode: 4,
    stalledMs: 60_000,
  },
  usage: { hoursMax: 2_160, hoursDefault: 24, daysMax: 90 },
  publicFigures: { windowDays: 30, cachedMs: 300_000, askSelfEveryMs: 60_000 },
  /** How long one computation may take on its thread. */
  computeBudgetMs: 2_000,
  /** Bars that are kept ready for computations: some 70 bytes each. */
  historyBarsMax: 3_000_000,
  leadLag: { maxLagBars: 120 },
  /** How many, the plan says. */
  backtests: { name: 'volatility-backtests', ...perMinute },
  /** The former name of conditional-returns: since when it is deprecated, and from when on it is gone. */
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

/** What a key may do that nobody gave a list of scopes: all but reading the bills. */
export const volatilityDefaultScopes = volatilityPolicy.scopes.filter((scope) => scope !== 'billing:read')
