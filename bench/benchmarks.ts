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
  tenants: async () => (await import('./tenants/tenants.ts')).tenants,
  'webhook-deliver': async () => (await import('./webhook-deliver/webhook-deliver.ts')).webhookDeliver,
  start: async () => (await import('./start/start.ts')).start,
}
