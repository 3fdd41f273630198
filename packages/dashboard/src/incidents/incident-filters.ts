import type { Incident } from '@gatehouse/sdk'
import { toCause } from '../to-reason.ts'

export const stateFilters = ['all', 'open', 'ongoing', 'acknowledged', 'resolved'] as const
export const timeFilters = ['all', 'day', 'week', 'month', 'quarter'] as const
export type StateFilter = (typeof stateFilters)[number]
export type TimeFilter = (typeof timeFilters)[number]

const dayMs = 86_400_000
const spansMs: Readonly<Record<TimeFilter, number | undefined>> = {
  all: undefined,
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
  quarter: 90 * dayMs,
}

/** Rounded to minutes, so that the query key stays the same for a while. */
export function toFrom(time: TimeFilter, nowMs: number): { readonly from?: string } {
  const spanMs = spansMs[time]
  if (spanMs === undefined) return {}
  return { from: new Date(Math.floor((nowMs - spanMs) / 60_000) * 60_000).toISOString() }
}

/** Open incidents first; within each part newest start first, as the server lists them. */
export function toShownIncidents(
  incidents: readonly Incident[],
  state: StateFilter,
  search: string,
): readonly Incident[] {
  const wanted = search.trim().toLowerCase()
  return incidents
    .filter(({ status }) => {
      if (state === 'all') return true
      return state === 'open' ? status !== 'resolved' : status === state
    })
    .filter((incident) =>
      [incident.title, incident.monitorName, toCause(incident)].some((text) =>
        (text ?? '').toLowerCase().includes(wanted),
      ),
    )
    .toSorted((a, b) => Number(a.status === 'resolved') - Number(b.status === 'resolved'))
}

export function toName({ title, monitorName }: Pick<Incident, 'title' | 'monitorName'>): string | undefined {
  return title ?? monitorName ?? undefined
}
