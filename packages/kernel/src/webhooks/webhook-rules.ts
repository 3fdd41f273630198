import type { QueueRules } from '../delivery/index.ts'

const minute = 60
const hour = 60 * minute
const dayMs = 24 * hour * 1000

/** The delivery rules of webhooks. Any answer but a 2xx or 410 may be different next time (W4). */
export const webhookRules = {
  delaysSeconds: [
    0,
    5,
    5 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    14 * hour,
    20 * hour,
    24 * hour,
  ],
  jitter: 0.1,
  retryAfterSecondsMax: 24 * hour,
  clientErrorsAreFinal: false,
  timeoutMs: 15_000,
  leaseExtraMs: 15_000,
  places: { all: 256, perOrg: 64, perDestination: 32 },
  /** Control W5. */
  health: { failing: { msMax: 5 * dayMs, toldAtPercent: [50, 70, 90, 100] } },
  keepsBody: true,
} as const satisfies QueueRules & { readonly clientErrorsAreFinal: boolean }
