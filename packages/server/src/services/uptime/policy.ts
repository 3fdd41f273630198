import { plans } from './plans.ts'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const
/** If the rate limiter fails, requests are admitted: it must not close a status page or drop a job's ping. */
const perMinuteOpen = { windowSeconds: 60, whenStoreFails: 'admit' } as const

/**
 * The service's limits and constants, defined once: code, documents, dashboard and posture page read them from here
 * (1.1).
 */
export const uptimePolicy = {
  keyShape: {
    prefixes: ['mk_'],
    alphabet: '0123456789abcdef',
    bodyLength: 64,
    visibleLength: 11,
    check: null,
  },
  userAgent: 'Manako/1.0',
  intervalSeconds: { min: 60, max: 86_400, default: 300 },
  timeoutMs: { min: 1_000, max: 30_000, default: 10_000 },
  responseBodyBytesMax: 1_048_576,
  responseHeaderBytesMax: 32_768,
  downThreshold: { min: 1, max: 10, default: 5 },
  upThreshold: { min: 1, max: 10, default: 1 },
  /** The interval divided by `perInterval`, within `min` and `max`; a monitor may set its own within the override's. */
  confirmSpacingSeconds: { perInterval: 20, min: 10, max: 30, overrideMin: 5, overrideMax: 300 },
  /** A re-check starts no sooner than this after the end of the check before it. */
  recheckPauseMs: 1_000,
  downSpacingSecondsMax: 60,
  downSpacingForSeconds: 1_800,
  degradedAfterMs: { min: 1, max: 30_000 },
  renotifyMinutes: { min: 5, max: 1_440, default: 0 },
  flap: { changes: 3, windowSeconds: 600, windowSecondsMax: 3_600 },
  heartbeatGraceSeconds: { min: 60, max: 86_400, default: 300 },
  heartbeatPeriodSeconds: { min: 60, max: 2_592_000 },
  /**
   * A deadline touched by an outage of ours moves to the outage's end plus the grace period, or plus this if that is
   * shorter.
   */
  heartbeatExtensionSecondsMax: 600,
  heartbeatBodyBytesMax: 10_240,
  staleIntervals: 3,
  staleSecondsMin: 600,
  neverUpAfterSeconds: 86_400,
  maintenanceSecondsMax: 604_800,
  maintenanceAheadDaysMax: 366,
  windowsPerMonitorMax: 50,
  /** How many days ahead recurring maintenance is planned; at least `ahead` occurrences are. */
  recurrence: { occurrenceDays: 35, ahead: 5, occurrencesAheadMax: 100, yearsMax: 5 },
  /** How long a period may be whose maintenance is listed: a month in whole weeks, and more; and how many times of it. */
  maintenanceTimes: { daysDefault: 31, daysMax: 62, timesMax: 2_000 },
  maintenanceDurationMinutes: { min: 1, max: 10_080 },
  maintenanceDurationSeconds: { min: 60, max: 3_600 },
  bulkIdsMax: 100,
  /** The greatest number of components of a page, and of its sections. */
  layoutMax: 500,
  /** Length of a page's password in characters, and for how many hours a browser stays admitted. */
  pagePassword: { min: 8, max: 200, hours: 24 },
  /** How long a members' link is valid, and for how many hours it admits the browser that used it. */
  viewLink: { seconds: 60, hours: 12 },
  /** Limits of a page's logo: bytes, and pixels per side. */
  logo: { bytesMax: 200_000, pixelsMax: 1_000 },
  /** A page leaves a domain whose records were missing on so many daily checks in a row. */
  customDomain: { watchHours: 24, badDaysMax: 7 },
  /** At most as far back as results are kept; more buckets than this would exceed a screen's pixels. */
  responseTimes: {
    bucketsMax: 300,
    daysDefault: 1,
    daysMax: 90,
    /** How long after its end a day is computed: its last checks must have ended, and been written. */
    settledSeconds: 600,
    /** Days of monitors that one run computes at most; the next run goes on. */
    daysPerRunMax: 20_000,
  },
  delivery: {
    /** Delay before each attempt, with jitter of up to the given share in either direction. */
    delaysSeconds: [0, 10, 30, 120, 600, 1_800, 7_200, 21_600],
    jitter: 0.2,
    /** A receiver's `Retry-After` is respected up to this limit. */
    retryAfterSecondsMax: 21_600,
    /** A client error means that the message is not retried; except 408, 425 and 429. */
    clientErrorsAreFinal: true,
    timeoutMs: 10_000,
    leaseExtraMs: 30_000,
    /** Limits of concurrent deliveries of one node. */
    places: { all: 256, perOrg: 64, perDestination: 16 },
    /** How many notifications in a row must be given up before a channel is disabled. */
    health: { givenUpMax: 10 },
    keepsBody: true,
  },
  testCooldownSeconds: 60,
  manualCheckCooldownSeconds: 10,
  subscription: {
    /** For how long a mail's link confirms, and how many mails ask one address of a page. */
    confirmHours: 24,
    mailsMax: 5,
    /** How many may wait to be confirmed at one page. */
    pendingMax: 1_000,
    /** A webhook has to return the challenge within this time. */
    challengeTimeoutMs: 10_000,
    /** How long before planned maintenance subscribers are told of it. */
    announceHours: 24,
  },
  verificationHours: 24,
  verificationsPerDayMax: 5,
  /** Concurrent DNS queries of all checking threads of a node; the rest of the 200 (E9) is for other work. */
  dnsQueriesMax: 150,
  inFlightMax: 4_000,
  /** Open event streams on one node, per key or member, and per organisation. */
  streams: { perCallerMax: 20, perOrgMax: 200 },
  perTarget: { inFlightMax: 4, startsPerSecond: 20 },
  claim: { rowsMax: 500, everyMs: 250, leaseExtraMs: 30_000 },
  /** After an outage of ours, missed checks are spread over their interval, or over this if it is shorter. */
  catchUpSecondsMax: 60,
  /** If a node's event loop was later than this, a time-out is the node's own fault. */
  nodeOverloadedMs: 250,
  judgeAgainSeconds: 30,
  /** A time at most this far in the future is not taken as a clock that stepped back. */
  clockToleranceSeconds: 2,
  nodeSeenEverySeconds: 10,
  flush: { rowsMax: 500, everyMs: 200, queueMax: 20_000, hintEveryMs: 5_000 },
  outageAfterSeconds: 30,
  gate: {
    credentialHeaders: ['authorization'],
    floorMs: 80,
    floorOn: 'failures',
    beforeProof: { name: 'uptime-before-proof', limit: 60, ...perMinute },
    perKey: { name: 'uptime-key', limit: 60, ...perMinute },
    perKeyBy: 'key',
    perUser: { name: 'dashboard-user', limit: 60, ...perMinute },
  },
  publicLimits: {
    ping: { name: 'uptime-ping', limit: 60, ...perMinuteOpen },
    page: { name: 'uptime-page', limit: 300, ...perMinuteOpen },
    /** A proxy asks before it gets a certificate; strangers make it ask. */
    tlsAsk: { name: 'uptime-tls-ask', limit: 6_000, ...perMinuteOpen },
    link: { name: 'uptime-link', limit: 20, ...perMinute },
    pagePassword: { name: 'uptime-page-password', limit: 5, ...perMinute },
    subscribe: { name: 'uptime-subscribe', limit: 5, windowSeconds: 3_600, whenStoreFails: 'refuse' },
  },
  /** Retention in days. Daily rows, timeline intervals and incidents are kept as long as their organisation exists. */
  retentionDays: { raw: 90, hourly: 400, deliveries: 180, pingBodies: 30, silentNodes: 1 },
  plans,
  scopes: [
    'monitors:read',
    'monitors:write',
    'incidents:read',
    'incidents:write',
    'services:read',
    'services:write',
    'channels:read',
    'channels:write',
    'maintenance:read',
    'maintenance:write',
    'audit:read',
    'subscribers:manage',
  ],
  defaultScopes: ['read', 'write'],
  /** The scopes of a key from a device log-in: what the approving member may do. */
  deviceScopes: ['read', 'write'],
} as const
