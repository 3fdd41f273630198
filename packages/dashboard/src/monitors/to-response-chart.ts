import type { ResponseTimes, Uptime } from '@gatehouse/sdk'
import type { Band } from '../parts/draw-chart.ts'
import type { ChartSeries } from '../parts/time-chart.tsx'
import { responseWords as says } from '../words/response-words.ts'

export type Figure = 'mean' | 'p95'
type Bucket = ResponseTimes['buckets'][number]

const parts = ['dns', 'connect', 'tls', 'ttfb', 'download'] as const

export type ResponseChart = {
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly counts: readonly ChartSeries[]
}

/**
 * Converts response times to chart data. Means of phases add up to the total and are stacked; 95th percentiles do
 * not, and are drawn as lines beside that of the total. Buckets without checks are points without a value, which
 * break the line.
 */
export function toResponseChart(told: ResponseTimes, figure: Figure): ResponseChart {
  const stepMs = told.bucketSeconds * 1_000
  const firstMs = Math.floor(Date.parse(told.from) / stepMs) * stepMs
  const known = new Map(told.buckets.map((bucket) => [Date.parse(bucket.startsAt), bucket]))
  const times = Array.from(
    { length: Math.ceil((Date.parse(told.to) - firstMs) / stepMs) },
    (_, index) => firstMs + index * stepMs,
  )
  const buckets = times.map((ms) => known.get(ms))
  const shown = parts.filter((phase) => told.buckets.some((bucket) => bucket[phase] !== null))
  const isStacked = figure === 'mean' && shown.length > 0
  const lines = shown.map((phase): ChartSeries => {
    const values = buckets.map((bucket) => toValue(bucket, phase, figure))
    return { name: says.phases[phase], values, ...(isStacked ? { isStacked } : {}) }
  })
  const whole = {
    name: says.phases.total,
    values: buckets.map((bucket) => toValue(bucket, 'total', figure)),
  }
  return {
    times,
    series: told.buckets.every(({ answered }) => answered === 0) ? [] : isStacked ? lines : [...lines, whole],
    counts: [
      { name: says.answered, values: buckets.map((bucket) => bucket?.answered ?? 0) },
      { name: says.failed, values: buckets.map((bucket) => bucket?.failed ?? 0) },
    ],
  }
}

/** A phase that no response in the bucket had counts as 0. */
function toValue(
  bucket: Bucket | undefined,
  phase: (typeof parts)[number] | 'total',
  figure: Figure,
): number | null {
  if (bucket === undefined || bucket.answered === 0) return null
  const figures = bucket[phase]
  if (figures === null) return phase === 'total' ? null : 0
  return figure === 'mean' ? figures.meanMs : figures.p95Ms
}

/** The intervals of a timeline that are marked behind a chart with this end. */
export function toBands(
  intervals: NonNullable<Uptime['intervals']>,
  fromMs: number,
  toMs: number,
): readonly Band[] {
  return intervals.flatMap(({ from, to, state }) => {
    if (state !== 'down' && state !== 'degraded' && state !== 'maintenance') return []
    const band = {
      fromMs: Math.max(fromMs, Date.parse(from)),
      toMs: Math.min(toMs, to === null ? toMs : Date.parse(to)),
    }
    return band.fromMs < band.toMs ? [{ ...band, tone: state, name: says.bands[state] }] : []
  })
}
