import type { Service } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { useMemo, useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { PageAccess } from '../status-pages/page-access.tsx'
import { LayoutEditor } from '../status-pages/layout-editor.tsx'
import { type LayoutRow, isSameLayout, reconcile, toNewLayout, toRows } from '../status-pages/layout-draft.ts'
import { type PageDraft, toDraft } from '../status-pages/page-draft.ts'
import { PageFeeds } from '../status-pages/page-feeds.tsx'
import { PageDomain } from '../status-pages/page-domain.tsx'
import { PageLogo } from '../status-pages/page-logo.tsx'
import { PagePreview } from '../status-pages/page-preview.tsx'
import { PageSettings } from '../status-pages/page-settings.tsx'
import { PageSubscribers } from '../status-pages/page-subscribers.tsx'
import { SharePage } from '../status-pages/share-page.tsx'
import { words } from '../words.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

export function StatusPagePage() {
  const { id = '' } = useRoute().params
  const query = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => gatehouse.uptime.services.list({ signal }),
  })
  return (
    <>
      <a class="small" href={at('/uptime/status-pages')}>
        ← {says.back}
      </a>
      <Found query={query} title={words.nav.statusPages}>
        {(services) => {
          const service = services.find((page) => page.id === id)
          return service === undefined ? (
            <EmptyState isPage title={says.gone} text={says.goneText} />
          ) : (
            <Editor key={id} service={service} services={services} />
          )
        }}
      </Found>
    </>
  )
}

function Editor({ service, services }: { readonly service: Service; readonly services: readonly Service[] }) {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const [draft, setDraft] = useState<PageDraft>(() => toDraft(service))
  const change = (part: Partial<PageDraft>): void => setDraft((before) => ({ ...before, ...part }))
  const arrangement = useArrangement(service)
  return (
    <>
      <Heading title={service.name} text={`/status/${service.slug}`}>
        <PageAccess service={service} draft={draft} arrangement={arrangement} mayWrite={mayWrite} />
      </Heading>
      <div class="page-editor">
        <div>
          {mayWrite ? <PageSettings service={service} draft={draft} onDraft={change} /> : null}
          <LayoutEditor service={service} services={services} {...arrangement} mayWrite={mayWrite} />
          {mayWrite ? <PageLogo service={service} /> : null}
          <PageDomain service={service} isOwner={person?.role === 'owner'} />
          <SharePage service={service} rows={arrangement.stored} />
          {mayWrite && service.access === 'password' ? <PageFeeds service={service} /> : null}
          {person?.role === 'owner' ? <PageSubscribers service={service} /> : null}
        </div>
        <PagePreview service={service} draft={draft} layout={arrangement.unsaved} />
      </div>
    </>
  )
}

/** The page's layout as stored, and as currently edited. */
function useArrangement({ id }: Service) {
  const [draft, onRows] = useState<readonly LayoutRow[]>()
  const query = useQuery({
    queryKey: ['page-layout', id],
    queryFn: ({ signal }) => gatehouse.uptime.services.layout(id, { signal }),
  })
  const { data } = query
  const stored = useMemo(() => (data === undefined ? [] : toRows(data)), [data])
  const rows = useMemo(
    () => (draft === undefined || data === undefined ? stored : reconcile(draft, stored)),
    [draft, stored, data],
  )
  const unsaved = useMemo(() => (isSameLayout(rows, stored) ? undefined : toNewLayout(rows)), [rows, stored])
  return { query, stored, rows, onRows, unsaved }
}
