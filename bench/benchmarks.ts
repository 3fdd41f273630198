import type { Benchmark } from './figure.ts'

/** Every benchmark by its name on the command line; each is loaded only when it runs. */
export const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  gate: async () => (await import('./gate/gate.ts')).gate,
  limiter: async () => (await import('./limiter/limiter.ts')).limiter,
  'webhook-sign': async () => (await import('./webhook-sign/webhook-sign.ts')).webhookSign,
  start: async () => (await import('./start/start.ts')).start,
}
