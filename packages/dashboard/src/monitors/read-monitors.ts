import type { Monitor, MonitorFilter, MonitorPage } from '@gatehouse/sdk'
import { gatehouse } from '../session.ts'
import type { TableState } from '../parts/table-state.ts'

export type MonitorDay = NonNullable<MonitorPage['days']>[string]
export const pageSize = 200

const statuses: readonly Monitor['status'][] = ['down', 'degraded', 'unknown', 'up', 'paused']
const sorts = { worst: 'worst', name: 'name', created: 'created' } as const

/** The server's filter for the state of the table. */
export function toFilter({ search, sort, isDescending, filters }: TableState): MonitorFilter {
  const { type, tag, page } = filters
  const status = statuses.find((known) => known === filters['status'])
  const order = Object.values(sorts).find((known) => known === sort) ?? 'worst'
  return {
    sort: isDescending ? `-${order}` : order,
    ...(search.trim() === '' ? {} : { q: search.trim().slice(0, 200) }),
    ...(status === undefined ? {} : { status }),
    ...(type === undefined ? {} : { type }),
    ...(tag === undefined ? {} : { tag }),
    ...(page === undefined ? {} : { serviceId: page }),
  }
}

export function readPage(filter: MonitorFilter, cursor: string, signal?: AbortSignal) {
  return gatehouse.uptime.monitors.list(
    { ...filter, include: 'day', limit: pageSize, ...(cursor === '' ? {} : { cursor }) },
    signal === undefined ? {} : { signal },
  )
}

/** All matches of the filter, for an export. */
export async function readAllPages(filter: MonitorFilter): Promise<readonly MonitorPage[]> {
  const pages: MonitorPage[] = []
  let cursor = ''
  do {
    const page = await readPage(filter, cursor)
    pages.push(page)
    cursor = page.nextCursor ?? ''
  } while (cursor !== '')
  return pages
}
