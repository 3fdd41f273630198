import { openPolicy } from '../service/open-service.ts'

/** The figures of the security page. */
export const policy = {
  ...openPolicy('posture'),
  evidenceDays: 396,
  runDays: 30,
  /** How long one run of due probes may go on; the rest waits for the next run. */
  roundMs: 240_000,
  /** After a start, requests are served before the first probes run. */
  firstRoundAfterMs: 15_000,
  /** After a probe the run pauses for as long as the probe took, up to this: others use the server as well. */
  restMsMax: 3_000,
  stripResults: 12,
  historyResults: 30,
  trendDays: { min: 1, max: 396, default: 30 },
  /** For how long the page is shown again without a query. */
  shownMs: 5_000,
} as const
