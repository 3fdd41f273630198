import type { RefusalLog } from '@gatehouse/kernel/audit'
import type { LimitDecision, LimitStore } from '@gatehouse/kernel/limits'
import { collectDefaultMetrics, Counter, Gauge as PromGauge, Histogram, Registry } from 'prom-client'
import type { Gauge } from '../service/gauge.ts'
import { createGaugeReader } from './read-gauges.ts'

/** A request after it was answered, as the pipeline sees it. */
export type MeteredCall = {
  readonly method: string
  /** The path with its `{names}`, so that there are as many values as endpoints. */
  readonly route: string
  readonly status: number
  readonly durationMs: number
  /** The kind of the caller, if it was authenticated. */
  readonly caller: string | undefined
}

export type Meter = {
  /** Counts one call. It takes a microsecond, measured: two look-ups and two additions. */
  readonly count: (call: MeteredCall) => void
  readonly watchLimits: (store: LimitStore) => LimitStore
  readonly watchRefusals: (refusals: RefusalLog) => RefusalLog
  readonly add: (gauges: readonly Gauge[]) => void
  /** The metrics in the text format of Prometheus. */
  readonly text: () => Promise<string>
  readonly mediaType: string
}

const secondsBuckets = [0.005, 0.025, 0.1, 0.25, 1, 5]

/** Counts what happens on this node, and reads the gauges when the metrics are requested. */
export function createMeter(monotonic: () => number): Meter {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    name: 'gatehouse_requests_total',
    help: 'Requests that were answered, by route template and status',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'gatehouse_request_seconds',
    help: 'How long requests took, by route template',
    labelNames: ['method', 'route'],
    buckets: secondsBuckets,
    registers,
  })
  const gate = new Counter({
    name: 'gatehouse_gate_total',
    help: 'What the gate decided: as what callers were accepted, and why credentials were refused',
    labelNames: ['outcome', 'why'],
    registers,
  })
  const limits = new Counter({
    name: 'gatehouse_limit_decisions_total',
    help: 'What limits decided, by rule',
    labelNames: ['rule', 'decision'],
    registers,
  })
  const given: Gauge[] = []
  let read = createGaugeReader(given, monotonic)
  const shown = new Map<string, PromGauge>()
  const labelled = new Set<string>()

  const countDecision = (rule: string, decision: LimitDecision): void =>
    limits.inc({ rule, decision: decision.admitted ? 'admitted' : decision.because })

  return {
    count: ({ method, route, status, durationMs, caller }) => {
      requests.inc({ method, route, status })
      seconds.observe({ method, route }, durationMs / 1_000)
      if (caller !== undefined) gate.inc({ outcome: 'accepted', why: caller })
    },
    watchLimits: (store) => ({
      take: (rule, subject, nowMs, cost) => {
        const taken = store.take(rule, subject, nowMs, cost)
        if (!(taken instanceof Promise)) {
          countDecision(rule.name, taken)
          return taken
        }
        return taken.then((decision) => {
          countDecision(rule.name, decision)
          return decision
        })
      },
      giveBack: (rule, subject, admitted) => {
        limits.inc({ rule: rule.name, decision: 'given_back' })
        return store.giveBack(rule, subject, admitted)
      },
    }),
    watchRefusals: (refusals) => ({
      ...refusals,
      note: (refusal) => {
        gate.inc({ outcome: 'refused', why: refusal.reason })
        refusals.note(refusal)
      },
    }),
    add: (gauges) => {
      given.push(...gauges)
      for (const { name, help, labels = [] } of gauges) {
        shown.set(name, new PromGauge({ name, help, labelNames: [...labels], registers }))
        if (labels.length > 0) labelled.add(name)
      }
      read = createGaugeReader(given, monotonic)
    },
    text: async () => {
      const readings = await read()
      for (const [name, gauge] of shown) {
        gauge.reset()
        // A gauge without a reading is removed: an old figure would look like a new one. One with labels has no values
        // now.
        if (!readings.has(name) && !labelled.has(name)) gauge.remove()
        for (const { labels = {}, value } of readings.get(name) ?? []) gauge.set(labels, value)
      }
      return registry.metrics()
    },
    mediaType: registry.contentType,
  }
}
