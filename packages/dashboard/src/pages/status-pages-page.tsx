import type { Service } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { inInstance } from '../at.ts'
import { Complaint, Found, Heading } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'
import { StatusMark } from '../parts/status-mark.tsx'

const { services } = gatehouse.uptime

export function StatusPagesPage() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['services'], queryFn: ({ signal }) => services.list({ signal }) })
  const change = useMutation({
    mutationFn: ({ id, isPublic }: Service) => services.update(id, { isPublic: isPublic === 0 }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['services'] }),
  })
  return (
    <>
      <Heading title={words.statusPages.title} text={words.statusPages.text} />
      <Complaint error={change.error} />
      <Found query={query}>
        {(found) => (
          <ul class="list" aria-label={words.statusPages.title}>
            {found.map((service) => (
              <li key={service.id}>
                <StatusMark
                  tone={service.isPublic === 1 ? 'ok' : 'paused'}
                  text={service.isPublic === 1 ? words.statusPages.public : words.statusPages.hidden}
                />
                <div class="grow">
                  <span class="name">{service.name}</span>
                  <div class="muted small">/status/{service.slug}</div>
                </div>
                {service.isPublic === 1 ? (
                  <a href={inInstance(`/status/${service.slug}`)} target="_blank" rel="noreferrer">
                    {words.statusPages.open}
                  </a>
                ) : null}
                <button type="button" disabled={change.isPending} onClick={() => change.mutate(service)}>
                  {service.isPublic === 1 ? words.statusPages.hide : words.statusPages.publish}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Found>
    </>
  )
}
