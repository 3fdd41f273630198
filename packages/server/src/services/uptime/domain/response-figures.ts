export const phases = ['dns', 'connect', 'tls', 'ttfb', 'download', 'total'] as const
export type Phase = (typeof phases)[number]

/** A phase's duration: the mean to a tenth of a millisecond, and the 95th percentile by nearest rank. */
export type PhaseFigures = { readonly meanMs: number; readonly p95Ms: number }

/** The checks of one bucket: how many, and how long the phases of the successful ones took. */
export type MeasuredBucket = {
  readonly startMs: number
  readonly answered: number
  readonly failed: number
  readonly durationsMs: Readonly<Record<Phase, readonly number[]>>
}

export type ResponseBucket = Readonly<Record<Phase, PhaseFigures | null>> & {
  readonly startMs: number
  readonly answered: number
  readonly failed: number
}

export function toResponseBucket({ startMs, answered, failed, durationsMs }: MeasuredBucket): ResponseBucket {
  return {
    startMs,
    answered,
    failed,
    dns: toFigures(durationsMs.dns),
    connect: toFigures(durationsMs.connect),
    tls: toFigures(durationsMs.tls),
    ttfb: toFigures(durationsMs.ttfb),
    download: toFigures(durationsMs.download),
    total: toFigures(durationsMs.total),
  }
}

/** Joins buckets into longer ones, whose length must be a multiple of theirs; oldest first. */
export function joinBuckets(buckets: readonly MeasuredBucket[], bucketMs: number): readonly MeasuredBucket[] {
  const grouped = Map.groupBy(buckets, ({ startMs }) => Math.floor(startMs / bucketMs) * bucketMs)
  return [...grouped].map(([startMs, parts]) => {
    const ofPhase = (phase: Phase): readonly number[] =>
      parts.flatMap(({ durationsMs }) => durationsMs[phase])
    return {
      startMs,
      answered: parts.reduce((sum, { answered }) => sum + answered, 0),
      failed: parts.reduce((sum, { failed }) => sum + failed, 0),
      durationsMs: {
        dns: ofPhase('dns'),
        connect: ofPhase('connect'),
        tls: ofPhase('tls'),
        ttfb: ofPhase('ttfb'),
        download: ofPhase('download'),
        total: ofPhase('total'),
      },
    }
  })
}

function toFigures(durationsMs: readonly number[]): PhaseFigures | null {
  const count = durationsMs.length
  if (count === 0) return null
  // A typed array is sorted by value, and without a call for each comparison.
  const sorted = Int32Array.from(durationsMs).toSorted()
  const sumMs = sorted.reduce((sum, ms) => sum + ms, 0)
  const p95Ms = sorted[Math.ceil(0.95 * count) - 1]
  return p95Ms === undefined ? null : { meanMs: Math.round((sumMs * 10) / count) / 10, p95Ms }
}
