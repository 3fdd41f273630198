import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { NewPage } from '../status-pages/new-page.tsx'
import { AccessMark } from '../status-pages/page-access.tsx'
import { toPageAddress } from '../status-pages/page-address.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

export function StatusPagesPage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const [isMaking, setIsMaking] = useState(false)
  const query = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => gatehouse.uptime.services.list({ signal }),
  })
  const make = mayWrite ? (
    <button type="button" class="primary" onClick={() => setIsMaking(true)}>
      {says.create}
    </button>
  ) : null
  return (
    <>
      <Heading title={says.title} text={says.text}>
        {make}
      </Heading>
      <Found query={query}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText}>
              {make}
            </EmptyState>
          ) : (
            <ul class="list" aria-label={says.title}>
              {found.map((service) => (
                <li key={service.id}>
                  <AccessMark access={service.access} />
                  <div class="grow">
                    <a class="name" href={at(`/uptime/status-pages/${service.id}`)}>
                      {service.name}
                    </a>
                    <div class="muted small cut">/status/{service.slug}</div>
                  </div>
                  {service.isDefault === 1 ? (
                    <span class="muted small optional">{says.isDefault}</span>
                  ) : null}
                  {service.isPublic === 1 ? (
                    <a
                      href={toPageAddress(service)}
                      target="_blank"
                      rel="noreferrer"
                      aria-label={`${says.open}: ${service.name}`}
                    >
                      {says.open}
                    </a>
                  ) : null}
                </li>
              ))}
            </ul>
          )
        }
      </Found>
      {isMaking ? <NewPage onClose={() => setIsMaking(false)} /> : null}
    </>
  )
}
