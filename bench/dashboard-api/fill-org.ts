import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import { makeResponseDay } from '../../packages/server/src/services/uptime/jobs/make-response-days.ts'
import type { MonitorKey } from '../../packages/server/src/services/uptime/store/claim-store.ts'

const dayMs = 86_400_000
const days = 90

export type Ask = <T>(path: string, body?: object, method?: string) => Promise<T>
type Made = { readonly id: string }
export type Filled = { readonly monitorId: string; readonly serviceId: string; readonly incidentId: string }

/** Days of the past have nowhere to lie in a database that was made today. */
export async function openPast(db: Database): Promise<void> {
  for (let day = 0; day <= days + 1; day += 3)
    await ensurePartitions(
      db,
      [{ table: 'uptime.check_result', every: 'day', ahead: 1 }],
      Date.now() - day * dayMs,
    )
  const tables = ['monitor', 'monitor_state', 'state_interval', 'incident', 'check_result', 'component']
  for (const table of tables) await db.pool.query(`ALTER TABLE uptime.${table} NO FORCE ROW LEVEL SECURITY`)
}

/**
 * So many monitors that have been watched for 90 days: each with two outages and their incidents; one with each of its checks
 * of a minute, the others with one of each hour of today.
 */
export async function fillOrg(db: Database, orgId: string, ask: Ask, count: number): Promise<Filled> {
  const client = await db.pool.connect()
  try {
    // A statement of the server's own never takes as long.
    await client.query('SET statement_timeout = 0')
    const filled = await fill((text, values) => client.query(text, [...values]), orgId, ask, count)
    await makePastDays(db, { orgId, monitorId: filled.monitorId })
    return filled
  } finally {
    client.release(true)
  }
}

/** As the server does each night, which has not seen those of this monitor. */
async function makePastDays(db: Database, key: MonitorKey): Promise<void> {
  const today = Math.floor(Date.now() / dayMs) * dayMs
  for (let day = 1; day <= days; day += 1) await makeResponseDay({ db }, [key], today - day * dayMs)
}

type Run = (text: string, values: readonly unknown[]) => Promise<unknown>

async function fill(run: Run, orgId: string, ask: Ask, count: number): Promise<Filled> {
  const make = async (body: object): Promise<Made> =>
    (await ask<{ monitor: Made }>('/dashboard/monitors', body)).monitor
  // Rows are copied from these two, so that they have whatever a monitor and its state have.
  const watched = await make({ type: 'heartbeat', name: 'watched', config: {} })
  const shaped = await make({
    type: 'http',
    name: 'shaped',
    config: { url: 'https://shop.example.com' },
    isActive: false,
  })
  const about = [orgId, watched.id, shaped.id, count]
  await run(
    `INSERT INTO uptime.monitor (org_id, id, service_id, type, name, config, interval_seconds, tags, created_at, updated_at)
     SELECT org_id, '01' || lpad(n::text, 24, '0'), service_id, type, 'monitor ' || lpad(n::text, 5, '0'), config, 60,
            CASE WHEN n % 7 = 0 THEN '{seventh}'::text[] ELSE '{}' END, now() - interval '90 days', now()
       FROM uptime.monitor, generate_series(1, $3::integer) n WHERE org_id = $1 AND id = $2`,
    [orgId, shaped.id, count],
  )
  await run(
    `INSERT INTO uptime.monitor_state (org_id, monitor_id, status, state, last_checked_at, last_response_ms, judged_through)
     SELECT s.org_id, m.id, CASE WHEN m.id LIKE '%99' THEN 'down' ELSE 'up' END, s.state, now(), 90, s.judged_through
       FROM uptime.monitor m, uptime.monitor_state s
      WHERE s.org_id = $1 AND s.monitor_id = $2 AND m.org_id = $1 AND m.id NOT IN ($2, $3) AND $4 > 0`,
    about,
  )
  await run(
    `INSERT INTO uptime.incident (org_id, id, monitor_id, service_id, type, status, severity, monitor_name, cause, started_at,
                                  confirmed_at, resolved_at, impact, created_at, updated_at)
     SELECT m.org_id, right(m.id, 20) || lpad(k::text, 6, '0'), m.id, m.service_id, 'auto', 'resolved', 'critical', m.name,
            'timeout', at, at, at + interval '10 minutes', 'major', at, at
       FROM uptime.monitor m, generate_series(1, 2) k,
            LATERAL (SELECT now() - interval '40 days' * k - make_interval(mins => right(m.id, 5)::integer) AS at) t
      WHERE m.org_id = $1 AND m.id NOT IN ($2, $3) AND $4 > 0`,
    about,
  )
  await run('ANALYZE uptime.monitor, uptime.incident', [])
  await run(
    `WITH cut AS (
       SELECT m.id, array[(extract(epoch FROM now()) * 1000)::bigint - 90 * 86400000::bigint,
                          (extract(epoch FROM b.started_at) * 1000)::bigint, (extract(epoch FROM b.resolved_at) * 1000)::bigint,
                          (extract(epoch FROM a.started_at) * 1000)::bigint, (extract(epoch FROM a.resolved_at) * 1000)::bigint] AS ms,
              array[NULL, b.id, NULL, a.id, NULL] AS incident
         FROM uptime.monitor m
         JOIN uptime.incident a ON a.org_id = m.org_id AND a.monitor_id = m.id AND a.id LIKE '%1'
         JOIN uptime.incident b ON b.org_id = m.org_id AND b.monitor_id = m.id AND b.id LIKE '%2'
        WHERE m.org_id = $1 AND m.id NOT IN ($2, $3) AND $4 > 0)
     INSERT INTO uptime.state_interval (org_id, monitor_id, from_ms, to_ms, state, incident_id)
     SELECT $1, id, ms[k], ms[k + 1], CASE WHEN incident[k] IS NULL THEN 'up' ELSE 'down' END, incident[k]
       FROM cut, generate_series(1, 5) k`,
    about,
  )
  const monitorId = `01${'1'.padStart(24, '0')}`
  await insertChecks(`m.id = '${monitorId}'`, '1 minute', days * 1_440)
  await insertChecks(`m.id NOT IN ('${monitorId}', $2, $3)`, '1 hour', 23)
  await run('ANALYZE', [])
  const { services } = await ask<{ services: readonly Made[] }>('/dashboard/services')
  const { incidents } = await ask<{ incidents: readonly Made[] }>('/dashboard/incidents?limit=1')
  return { monitorId, serviceId: services[0]?.id ?? '', incidentId: incidents[0]?.id ?? '' }

  async function insertChecks(which: string, every: string, times: number): Promise<void> {
    await run(
      `INSERT INTO uptime.check_result (org_id, monitor_id, location_id, started_at, slot_at, origin, outcome, status_code,
                                        dns_ms, connect_ms, tls_ms, ttfb_ms, download_ms, total_ms)
       SELECT m.org_id, m.id, 'local', at, at, 'scheduled', 'up', 200, 3, 9, 14, 40 + n % 50, 2, 68 + n % 50
         FROM uptime.monitor m, generate_series(1, ${times}) n, LATERAL (SELECT now() - n * interval '${every}' AS at) t
        WHERE m.org_id = $1 AND ${which} AND m.id NOT IN ($2, $3) AND $4 > 0`,
      about,
    )
  }
}
