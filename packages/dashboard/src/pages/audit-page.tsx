import type { AuditFilter } from '@gatehouse/sdk'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { AuditFilters, useActors } from '../audit/audit-filters.tsx'
import { AuditTable } from '../audit/audit-table.tsx'
import { ChainVerdict } from '../audit/chain-verdict.tsx'
import { OfflineVerification } from '../audit/offline-verification.tsx'
import { Older } from '../controls.tsx'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { saveFile } from '../save-file.ts'
import { gatehouse, usePerson } from '../session.ts'
import { auditWords as says } from '../words/audit-words.ts'

const { audit } = gatehouse.platform
const pageSize = 50

export function AuditPage() {
  const isOwner = usePerson()?.role === 'owner'
  const { people, keys } = useActors()
  const [filter, setFilter] = useState<AuditFilter>({})
  const query = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      audit.list(
        { ...filter, limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  const verify = useMutation({ mutationFn: () => audit.verify() })
  const take = useMutation({
    mutationFn: () => audit.export(),
    onSuccess: (chain) => saveFile(chain, 'audit.ndjson'),
    gcTime: 0,
  })
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <div class="actions">
          <button type="button" disabled={verify.isPending} onClick={() => verify.mutate()}>
            {verify.isPending ? says.verifying : says.verify}
          </button>
          {isOwner ? (
            <button type="button" disabled={take.isPending} onClick={() => take.mutate()}>
              {take.isPending ? says.exporting : says.export}
            </button>
          ) : (
            <span class="muted small">{says.ownersExport}</span>
          )}
        </div>
      </Heading>
      {verify.data === undefined ? null : <ChainVerdict verdict={verify.data} />}
      <Complaint error={verify.error ?? take.error} />
      <AuditFilters people={people} keys={keys} onFilter={setFilter} />
      <Found query={query}>
        {({ pages }) => {
          const logs = pages.flatMap(({ auditLogs }) => auditLogs)
          if (logs.length > 0) return <AuditTable logs={logs} actors={new Map([...people, ...keys])} />
          return Object.keys(filter).length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText} />
          ) : (
            <EmptyState title={says.noMatch} text={says.noMatchText} />
          )
        }}
      </Found>
      <Older query={query} text={says.older} />
      <OfflineVerification />
    </>
  )
}
