import type { MonitorPage } from '@gatehouse/sdk'
import type { QueryClient } from '@tanstack/react-query'

/** Monitors that a page has read already: looking for a name asks the server nothing. */
export function readKnownMonitors(queries: QueryClient): MonitorPage['monitors'] {
  return queries.getQueryData<MonitorPage>(['monitors'])?.monitors ?? []
}
