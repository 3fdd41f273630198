import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { MonitorQuery } from '../contract/monitors.ts'
import type { MonitorDayReply, MonitorReply } from '../contract/monitor-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { toDayBar } from '../domain/day-bar.ts'
import { cutToVouched } from '../domain/timeline.ts'
import { sumStates, uptimeRatio } from '../domain/uptime.ts'
import { listIntervalsOf, listResponsesOf } from '../store/day-store.ts'
import {
  countFiltered,
  listMonitors as listStored,
  type MonitorOrder,
  type MonitorPosition,
  type ObservedMonitor,
} from '../store/monitor-store.ts'
import { loadCoverage } from './coverage.ts'
import { openCursor, toPage } from '../../../service/paging.ts'
import { toMonitorReply } from './to-monitor-reply.ts'

const dayMs = 86_400_000
const hoursShown = 24
const responsesShown = 24

export type MonitorList = {
  readonly monitors: MonitorReply[]
  readonly nextCursor: string | null
  readonly total?: number
  readonly days?: Record<string, MonitorDayReply>
}

export async function listMonitors(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'cursors'>,
  principal: Principal,
  { q: text, sort = 'created', include, limit, cursor, ...exact }: MonitorQuery,
): Promise<MonitorList> {
  const { orgId } = principal
  const now = deps.clock.now()
  // A cursor is valid only for the order that it was created with.
  const list = sort === 'created' ? 'monitors' : `monitors ${sort}`
  const position = openCursor(deps, list, orgId, cursor)
  return within(deps, principal, async (tx) => {
    const coverageOf = await loadCoverage(tx, now)
    const filter = { ...exact, text }
    const rows = await listStored(tx, filter, {
      order: toOrder(sort),
      isDescending: sort.startsWith('-'),
      after: position === undefined ? undefined : parsePosition(position),
      limit: limit === undefined ? undefined : limit + 1,
    })
    const { entries, nextCursor } = toPage(deps, list, orgId, rows, limit, (row) =>
      JSON.stringify(row.position),
    )
    const monitors = entries.map((monitor) =>
      toMonitorReply(orgId, monitor, coverageOf({ monitorId: monitor.id, serviceId: monitor.serviceId })),
    )
    return {
      monitors,
      nextCursor,
      ...(limit === undefined || cursor !== undefined ? {} : { total: await countFiltered(tx, filter) }),
      ...(include === undefined ? {} : { days: await readDays(tx, entries, now) }),
    }
  })
}

function toOrder(sort: NonNullable<MonitorQuery['sort']>): MonitorOrder {
  switch (sort) {
    case 'worst':
    case '-worst':
      return 'worst'
    case 'name':
    case '-name':
      return 'name'
    case 'created':
    case '-created':
      return 'created'
  }
}

const storedPosition = z.strictObject({ key: z.union([z.string(), z.number()]), id: z.string() })

function parsePosition(position: string): MonitorPosition {
  return storedPosition.parse(JSON.parse(position))
}

async function readDays(
  tx: TenantTx,
  monitors: readonly ObservedMonitor[],
  now: number,
): Promise<Record<string, MonitorDayReply>> {
  const ids = monitors.map(({ id }) => id)
  const fromMs = now - dayMs
  const intervals = await listIntervalsOf(tx, ids, fromMs)
  const responses = await listResponsesOf(tx, ids, fromMs, responsesShown)
  return Object.fromEntries(
    monitors.map(({ id, vouchedUntilMs }) => {
      const stored = intervals.get(id) ?? []
      const timeline =
        vouchedUntilMs !== null && vouchedUntilMs < now ? cutToVouched(stored, vouchedUntilMs) : stored
      return [
        id,
        {
          hours: [...toDayBar(timeline, fromMs, now, hoursShown)],
          uptime: uptimeRatio(sumStates(timeline, fromMs, now)),
          responsesMs: [...(responses.get(id) ?? [])],
        },
      ]
    }),
  )
}
