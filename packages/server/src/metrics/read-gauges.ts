import { setTimeout as wait } from 'node:timers/promises'
import type { Gauge, GaugeReading } from '../service/gauge.ts'

/** However often the metrics are requested, the gauges are read only once in this time. */
const keptMs = 10_000
/** A gauge that has not answered by then is left out, so that the others can be reported. */
const answerWithinMs = 2_000

export type GaugeReadings = ReadonlyMap<string, readonly GaugeReading[]>

/** Reads all gauges in parallel, and caches the result; one that fails is left out. */
export function createGaugeReader(
  gauges: readonly Gauge[],
  monotonic: () => number,
): () => Promise<GaugeReadings> {
  let kept: { readonly atMs: number; readonly readings: Promise<GaugeReadings> } | undefined
  return () => {
    const nowMs = monotonic()
    if (kept === undefined || nowMs - kept.atMs >= keptMs) kept = { atMs: nowMs, readings: readAll(gauges) }
    return kept.readings
  }
}

async function readAll(gauges: readonly Gauge[]): Promise<GaugeReadings> {
  const said = await Promise.all(gauges.map(async (gauge) => [gauge.name, await readOne(gauge)] as const))
  return new Map(said.flatMap(([name, readings]) => (readings === undefined ? [] : [[name, readings]])))
}

async function readOne({ read }: Gauge): Promise<readonly GaugeReading[] | undefined> {
  const over = new AbortController()
  const late = wait(answerWithinMs, undefined, { signal: over.signal }).catch(() => undefined)
  try {
    return await Promise.race([Promise.resolve().then(read), late])
  } catch {
    return undefined
  } finally {
    over.abort()
  }
}
