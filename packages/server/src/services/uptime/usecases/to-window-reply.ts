import type { TenantTx } from '@gatehouse/kernel/db'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import type { WindowReply } from '../contract/maintenance-windows.ts'
import { windowState } from '../domain/maintenance.ts'
import { uptimePolicy as policy } from '../policy.ts'
import type { StoredSeries } from '../store/maintenance-series-store.ts'
import type { NamedWindow } from '../store/maintenance-store.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'

type Names = ReadonlyMap<string, string>

/** The names of all monitors that these windows list, by id. */
export async function nameMonitors(
  tx: TenantTx,
  windows: readonly Pick<NamedWindow, 'monitorIds'>[],
): Promise<Names> {
  const ids = new Set(windows.flatMap(({ monitorIds }) => monitorIds))
  if (ids.size === 0) return new Map()
  const monitors = await listMonitorPlaces(tx, [...ids])
  return new Map(monitors.map(({ monitorId, name }) => [monitorId, name]))
}

export function toWindowReply(orgId: string, window: NamedWindow, names: Names, now: number): WindowReply {
  return {
    id: window.id,
    teamId: orgId,
    title: window.title,
    state: windowState(window, now),
    scope: window.scope,
    monitorIds: [...window.monitorIds],
    monitors: toNamed(window, names),
    serviceId: window.serviceId,
    startsAt: toTime(window.startsAtMs),
    endsAt: toTime(window.endsAtMs),
    autoResolve: window.autoResolve,
    notify: window.notify,
    endedAt: toTimeOrNull(window.endedAtMs),
    rrule: null,
    cron: null,
    durationMinutes: null,
    timeZone: null,
    nextOccurrences: [],
    seriesId: window.seriesId,
    createdAt: toTime(window.createdAtMs),
  }
}

/** `times`: current and future occurrences, earliest first. */
export function toSeriesReply(
  orgId: string,
  series: StoredSeries,
  times: readonly NamedWindow[],
  names: Names,
  now: number,
): WindowReply {
  const ahead = times.filter((time) => windowState(time, now) === 'planned')
  return {
    id: series.id,
    teamId: orgId,
    title: series.title,
    state: times.length > ahead.length ? 'active' : ahead.length > 0 ? 'planned' : 'over',
    scope: series.scope,
    monitorIds: [...series.monitorIds],
    monitors: toNamed(series, names),
    serviceId: series.serviceId,
    startsAt: toTime(series.startsAtMs),
    endsAt: toTime(series.startsAtMs + series.durationMinutes * 60_000),
    autoResolve: true,
    notify: series.notify,
    endedAt: null,
    rrule: series.rrule,
    cron: series.cron,
    durationMinutes: series.durationMinutes,
    timeZone: series.timeZone,
    nextOccurrences: ahead.slice(0, policy.recurrence.ahead).map(({ id, startsAtMs, endsAtMs }) => ({
      id,
      startsAt: toTime(startsAtMs),
      endsAt: toTime(endsAtMs),
    })),
    seriesId: null,
    createdAt: toTime(series.createdAtMs),
  }
}

function toNamed({ monitorIds }: Pick<NamedWindow, 'monitorIds'>, names: Names): WindowReply['monitors'] {
  return monitorIds.flatMap((id) => {
    const name = names.get(id)
    return name === undefined ? [] : [{ id, name }]
  })
}
