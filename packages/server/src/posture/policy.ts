import { openPolicy } from '../service/open-service.ts'

/** The figures of the security page. */
export const policy = {
  ...openPolicy('posture'),
  evidenceDays: 396,
  runDays: 30,
  /** How long one round of what is due goes on; the rest waits for the next. */
  roundMs: 240_000,
  /** After a start, whoever came to look is served first. */
  firstRoundAfterMs: 15_000,
  /** A probe is followed by a rest as long as it took, up to this: others use the server as well. */
  restMsMax: 3_000,
  stripResults: 12,
  historyResults: 30,
  trendDays: { min: 1, max: 396, default: 30 },
  /** Shown again without asking the database. */
  shownMs: 5_000,
} as const
