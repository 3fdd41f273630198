import { plans } from './plans.ts'

const perMinute = { windowSeconds: 60, whenStoreFails: 'refuse' } as const
/** Losing count of readers must not close a status page, nor drop the ping of a job that ran well. */
const perMinuteOpen = { windowSeconds: 60, whenStoreFails: 'admit' } as const

/** Every figure of the service, once: code, documents, dashboard and posture page read it from here (1.1). */
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
  /** A deadline that an outage of ours touches is put off to its end plus the grace, or this if that is shorter. */
  heartbeatExtensionSecondsMax: 600,
  heartbeatBodyBytesMax: 10_240,
  staleIntervals: 3,
  staleSecondsMin: 600,
  neverUpAfterSeconds: 86_400,
  maintenanceSecondsMax: 604_800,
  maintenanceAheadDaysMax: 366,
  windowsPerMonitorMax: 50,
  /** Maintenance that recurs is planned so far ahead, and `ahead` times at least. */
  recurrence: { occurrenceDays: 35, ahead: 5, occurrencesAheadMax: 100, yearsMax: 5 },
  maintenanceDurationMinutes: { min: 1, max: 10_080 },
  maintenanceDurationSeconds: { min: 60, max: 3_600 },
  bulkIdsMax: 100,
  /** Components of a page, and sections. */
  layoutMax: 500,
  /** Characters of a page's password, and for how long a browser that gave it is not asked again. */
  pagePassword: { min: 8, max: 200, hours: 24 },
  /** For how long a link into a page of members is good, and what it gives to the browser that used it. */
  viewLink: { seconds: 60, hours: 12 },
  /** Bytes of a page's logo, and pixels of a side. */
  logo: { bytesMax: 200_000, pixelsMax: 1_000 },
  /** No further back than results are kept; more buckets would be more than a screen has pixels to tell apart. */
  responseTimes: { bucketsMax: 300, daysDefault: 1, daysMax: 90 },
  delivery: {
    /** Before each attempt; each is spread by up to the jitter's share of itself, either way. */
    delaysSeconds: [0, 10, 30, 120, 600, 1_800, 7_200, 21_600],
    jitter: 0.2,
    /** A receiver's `Retry-After` is obeyed up to here. */
    retryAfterSecondsMax: 21_600,
    /** 408, 425 and 429 aside, a receiver that blames the message is not asked again. */
    clientErrorsAreFinal: true,
    timeoutMs: 10_000,
    leaseExtraMs: 30_000,
    /** What one node sends at once. */
    places: { all: 256, perOrg: 64, perDestination: 16 },
    /** Notices in a row that are given up before a channel is switched off. */
    health: { givenUpMax: 10 },
    keepsBody: true,
  },
  testCooldownSeconds: 60,
  manualCheckCooldownSeconds: 10,
  verificationHours: 24,
  verificationsPerDayMax: 5,
  /** Names that all checking threads of a node may ask for at once; the rest of the 200 (E9) is for all other work. */
  dnsQueriesMax: 150,
  inFlightMax: 4_000,
  /** Streams of events that a key or a person, and all of an organisation, may have open on one node. */
  streams: { perCallerMax: 20, perOrgMax: 200 },
  perTarget: { inFlightMax: 4, startsPerSecond: 20 },
  claim: { rowsMax: 500, everyMs: 250, leaseExtraMs: 30_000 },
  /** After an outage of ours, missed checks are spread over their interval, or this if that is shorter. */
  catchUpSecondsMax: 60,
  /** A time-out seen while a node's event loop was later than this is the node's own fault. */
  nodeOverloadedMs: 250,
  judgeAgainSeconds: 30,
  /** What lies no further in the future than this is no sign that the clock stepped back. */
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
    link: { name: 'uptime-link', limit: 20, ...perMinute },
    pagePassword: { name: 'uptime-page-password', limit: 5, ...perMinute },
  },
  /** Daily rows, state intervals and incidents stay as long as their org. */
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
  ],
  defaultScopes: ['read', 'write'],
  /** As much as the member who approves it may do. */
  deviceScopes: ['read', 'write'],
} as const
