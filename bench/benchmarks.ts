import type { Benchmark } from './figure.ts'

/** Every benchmark by its name on the command line; each is loaded only when it runs. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  gate: async () => (await import('./gate/gate.ts')).gate,
  'key-verify': async () => (await import('./key-verify/key-verify.ts')).keyVerify,
  audit: async () => (await import('./audit/audit.ts')).audit,
  limiter: async () => (await import('./limiter/limiter.ts')).limiter,
  'egress-judge': async () => (await import('./egress-judge/egress-judge.ts')).egressJudge,
  'webhook-sign': async () => (await import('./webhook-sign/webhook-sign.ts')).webhookSign,
  'auth-timing': async () => (await import('./auth-timing/auth-timing.ts')).authTiming,
  bodies: async () => (await import('./bodies/bodies.ts')).bodies,
  tenants: async () => (await import('./tenants/tenants.ts')).tenants,
  'webhook-deliver': async () => (await import('./webhook-deliver/webhook-deliver.ts')).webhookDeliver,
  score: async () => (await import('./score/score.ts')).score,
  'score-import': async () => (await import('./score-import/score-import.ts')).scoreImport,
  'score-core': async () => (await import('./score-core/score-core.ts')).scoreCore,
  'oversight-validity': async () =>
    (await import('./oversight-validity/oversight-validity.ts')).oversightValidity,
  'regime-core': async () => (await import('./regime-core/regime-core.ts')).regimeCore,
  'regime-calibrate': async () => (await import('./regime-calibrate/regime-calibrate.ts')).regimeCalibrate,
  'regime-minute': async () => (await import('./regime-minute/regime-minute.ts')).regimeMinute,
  'regime-backfill': async () => (await import('./regime-backfill/regime-backfill.ts')).regimeBackfill,
  'regime-storage': async () => (await import('./regime-storage/regime-storage.ts')).regimeStorage,
  'regime-quality': async () => (await import('./regime-quality/regime-quality.ts')).regimeQuality,
  'regime-analytics': async () => (await import('./regime-analytics/regime-analytics.ts')).regimeAnalytics,
  'regime-read': async () => (await import('./regime-read/regime-read.ts')).regimeRead,
  'regime-stream': async () => (await import('./regime-stream/regime-stream.ts')).regimeStream,
  'regime-end-to-end': async () => (await import('./regime-end-to-end/regime-end-to-end.ts')).regimeEndToEnd,
  'regime-backtest': async () => (await import('./regime-backtest/regime-backtest.ts')).regimeBacktest,
  'regime-export': async () => (await import('./regime-export/regime-export.ts')).regimeExport,
  'posture-cost': async () => (await import('./posture-cost/posture-cost.ts')).postureCost,
  start: async () => (await import('./start/start.ts')).start,
}
