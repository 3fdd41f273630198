import { createValkeyStore, type LimitRule, limitMax } from '@gatehouse/kernel/limits'
import { startValkey } from '@gatehouse/kernel/testing'
import { alone, type Measured } from '../figure.ts'
import { median } from '../statistics.ts'

const rule: LimitRule = { name: 'bench', limit: limitMax, windowSeconds: 60, whenStoreFails: 'refuse' }
const inFlight = 64
const rounds = 5
const roundMs = 1_000
const subjects = 10_000

/** Charges a second of one node against a Valkey on this machine, and the commands that each one sends it. */
export async function measureValkeyRate(): Promise<readonly Measured[]> {
  const valkey = await startValkey()
  const failed = Promise.withResolvers<never>()
  const store = createValkeyStore({ url: valkey.url, onError: failed.reject })
  try {
    await Promise.race([store.connected(), failed.promise])
    let charges = 0
    const chargeFor = async (ms: number): Promise<number> => {
      const startedMs = performance.now()
      const before = charges
      const lane = async (): Promise<void> => {
        while (performance.now() - startedMs < ms) await store.take(rule, `${++charges % subjects}`, 0)
      }
      await Promise.race([Promise.all(Array.from({ length: inFlight }, lane)), failed.promise])
      return ((charges - before) / (performance.now() - startedMs)) * 1_000
    }
    await chargeFor(roundMs)
    await valkey.ask('CONFIG', 'RESETSTAT')
    charges = 0
    const rates: number[] = []
    while (rates.length < rounds) rates.push(await chargeFor(roundMs))
    const calls = /cmdstat_evalsha:calls=(\d+)/.exec(String(await valkey.ask('INFO', 'commandstats')))?.[1]
    const perCharge = Number(calls) / charges
    const rate = alone(
      { name: 'limiter-valkey', unit: 'charges/s of one node', goal: '–' },
      median(rates),
      true,
    )
    return [
      { figure: { ...rate.figure, met: null } },
      alone({ name: 'limiter-trips', unit: 'round trips per charge', goal: '1' }, perCharge, perCharge === 1),
    ]
  } finally {
    await store.close()
    await valkey.stop()
  }
}
