import { query, type WriterTx } from '@gatehouse/kernel/db'
import { sql } from 'kysely'
import { parseStored, type StoredWatch } from '../monitor-types/watch.ts'

/** A channel with the data for one delivery attempt. */
export type SendingChannel = {
  readonly id: string
  readonly type: string
  readonly sealedConfig: string
  readonly language: 'en' | 'ja'
  readonly isActive: boolean
  readonly verified: boolean
  readonly isOrgSuspended: boolean
}

type Sought = { readonly orgId: string; readonly destinationId: string; readonly topic: string | null }

/** Channels of several organisations, by `org/id`. */
export async function listSendingChannels(
  tx: WriterTx,
  sought: readonly Sought[],
): Promise<ReadonlyMap<string, SendingChannel>> {
  const { rows } = await sql<{
    org_id: string
    id: string
    type: string
    sealed_config: string
    language: 'en' | 'ja'
    is_active: boolean
    verified: boolean
    is_suspended: boolean
  }>`
    SELECT c.org_id, c.id, c.type, c.sealed_config, c.language, c.is_active, c.verified,
           o.suspended_at IS NOT NULL AS is_suspended
      FROM uptime.channel c JOIN gatehouse.org o ON o.org_id = c.org_id
     WHERE (c.org_id, c.id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[],
       ${sought.map(({ destinationId }) => destinationId)}::text[]))`.execute(query(tx))
  return new Map(
    rows.map((row) => [
      `${row.org_id}/${row.id}`,
      {
        id: row.id,
        type: row.type,
        sealedConfig: row.sealed_config,
        language: row.language,
        isActive: row.is_active,
        verified: row.verified,
        isOrgSuspended: row.is_suspended,
      },
    ]),
  )
}

/** Which of these incidents are ongoing, as `org/incident`. */
export async function listOngoing(tx: WriterTx, sought: readonly Sought[]): Promise<ReadonlySet<string>> {
  if (sought.length === 0) return new Set()
  const { rows } = await sql<{ org_id: string; id: string }>`
    SELECT org_id, id FROM uptime.incident
     WHERE status = 'ongoing' AND (org_id, id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[], ${sought.map(({ topic }) => topic)}::text[]))`.execute(
    query(tx),
  )
  return new Set(rows.map((row) => `${row.org_id}/${row.id}`))
}

/** What these monitors watch, as `org/monitor`; deleted ones are left out. */
export async function listWatches(
  tx: WriterTx,
  sought: readonly { readonly orgId: string; readonly monitorId: string }[],
): Promise<ReadonlyMap<string, StoredWatch>> {
  if (sought.length === 0) return new Map()
  const { rows } = await sql<{ org_id: string; id: string; type: string; config: unknown }>`
    SELECT org_id, id, type, config FROM uptime.monitor
     WHERE (org_id, id) IN (SELECT * FROM unnest(
       ${sought.map(({ orgId }) => orgId)}::uuid[],
       ${sought.map(({ monitorId }) => monitorId)}::text[]))`.execute(query(tx))
  return new Map(rows.map((row) => [`${row.org_id}/${row.id}`, parseStored(row.type, row.config)]))
}
