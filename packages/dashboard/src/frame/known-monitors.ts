import type { MonitorPage } from '@gatehouse/sdk'
import type { InfiniteData, QueryClient } from '@tanstack/react-query'

/** Monitors in the query cache: searching for a name sends no request. */
export function readKnownMonitors(queries: QueryClient): MonitorPage['monitors'] {
  const tables = queries.getQueriesData<InfiniteData<MonitorPage>>({ queryKey: ['monitors', 'table'] })
  const pages = [
    ...tables.flatMap(([, table]) => table?.pages ?? []),
    ...queries
      .getQueriesData<MonitorPage>({ queryKey: ['monitors', 'choices'] })
      .flatMap(([, page]) => page ?? []),
  ]
  return [...new Map(pages.flatMap(({ monitors }) => monitors.map((one) => [one.id, one] as const))).values()]
}
