import type { Service } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Empty, Found, Heading } from '../parts.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { PageAccess } from '../status-pages/page-access.tsx'
import { PageComponents } from '../status-pages/page-components.tsx'
import { type PageDraft, toDraft } from '../status-pages/page-draft.ts'
import { PagePreview } from '../status-pages/page-preview.tsx'
import { PageSettings } from '../status-pages/page-settings.tsx'
import { SharePage } from '../status-pages/share-page.tsx'
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
      <Found query={query}>
        {(services) => {
          const service = services.find((page) => page.id === id)
          return service === undefined ? (
            <Empty title={says.gone} text={says.goneText} />
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
  return (
    <>
      <Heading title={service.name} text={`/status/${service.slug}`}>
        <PageAccess service={service} draft={draft} mayWrite={mayWrite} />
      </Heading>
      <div class="page-editor">
        <div>
          {mayWrite ? <PageSettings service={service} draft={draft} onDraft={change} /> : null}
          <PageComponents service={service} services={services} mayWrite={mayWrite} />
          <SharePage service={service} />
        </div>
        <PagePreview service={service} draft={draft} />
      </div>
    </>
  )
}
