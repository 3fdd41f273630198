import { query, type TenantTx } from '@gatehouse/kernel/db'
import { type RawBuilder, sql } from 'kysely'

export const phases = ['dns', 'connect', 'tls', 'ttfb', 'download', 'total'] as const
export type Phase = (typeof phases)[number]

/** A phase's duration: the mean to a tenth of a millisecond, and the 95th percentile by nearest rank. */
export type PhaseFigures = { readonly meanMs: number; readonly p95Ms: number }

export type ResponseBucket = Readonly<Record<Phase, PhaseFigures | null>> & {
  readonly startMs: number
  readonly answered: number
  readonly failed: number
}

type Row = { readonly start_ms: string; readonly answered: string; readonly failed: string } & Readonly<
  Record<`${Phase}_mean` | `${Phase}_p95`, number | null>
>

/**
 * Durations of checks that started in `[fromMs, toMs)`, in buckets that start at multiples of `bucketMs`, oldest
 * first.
 */
export async function listResponseBuckets(
  tx: TenantTx,
  monitorId: string,
  fromMs: number,
  toMs: number,
  bucketMs: number,
): Promise<readonly ResponseBucket[]> {
  const { rows } = await sql<Row>`
    SELECT extract(epoch FROM date_bin(make_interval(secs => ${bucketMs / 1_000}), started_at, 'epoch'))::bigint * 1000
             AS start_ms,
           count(*) FILTER (WHERE outcome IN ('up', 'degraded')) AS answered,
           count(*) FILTER (WHERE outcome = 'down') AS failed,
           ${sql.join(phases.map(toFigures))}
      FROM uptime.check_result
     WHERE org_id = ${tx.orgId} AND monitor_id = ${monitorId}
       AND started_at >= ${new Date(fromMs)} AND started_at < ${new Date(toMs)}
     GROUP BY 1 ORDER BY 1`.execute(query(tx))
  return rows.map(toBucket)
}

function toFigures(phase: Phase): RawBuilder<unknown> {
  const column = sql.ref(`${phase}_ms`)
  return sql`
    round(avg(${column}) FILTER (WHERE outcome IN ('up', 'degraded')), 1)::float8 AS ${sql.ref(`${phase}_mean`)},
    percentile_disc(0.95) WITHIN GROUP (ORDER BY ${column})
      FILTER (WHERE outcome IN ('up', 'degraded')) AS ${sql.ref(`${phase}_p95`)}`
}

function toBucket(row: Row): ResponseBucket {
  const of = (phase: Phase): PhaseFigures | null => {
    const [meanMs, p95Ms] = [row[`${phase}_mean`], row[`${phase}_p95`]]
    return meanMs === null || p95Ms === null ? null : { meanMs, p95Ms }
  }
  return {
    startMs: Number(row.start_ms),
    answered: Number(row.answered),
    failed: Number(row.failed),
    dns: of('dns'),
    connect: of('connect'),
    tls: of('tls'),
    ttfb: of('ttfb'),
    download: of('download'),
    total: of('total'),
  }
}
