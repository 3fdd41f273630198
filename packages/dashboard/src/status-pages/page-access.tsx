import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Complaint } from '../parts.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { DeletePage } from './delete-page.tsx'
import { toPageAddress } from './page-address.ts'
import type { PageDraft } from './page-draft.ts'
import { type Arrangement, PublishDialog } from './publish-dialog.tsx'

const { services } = gatehouse.uptime

export function AccessMark({ access }: Pick<Service, 'access'>) {
  return <StatusMark tone={access === 'members' ? 'paused' : 'ok'} text={says.access[access]} isTag />
}

/** Who may see the page, and controls to change it. */
export function PageAccess({
  service,
  draft,
  arrangement,
  mayWrite,
}: {
  readonly service: Service
  readonly draft: PageDraft
  readonly arrangement: Arrangement
  readonly mayWrite: boolean
}) {
  const queries = useQueryClient()
  const [isPublishing, setIsPublishing] = useState(false)
  const settle = () => queries.invalidateQueries({ queryKey: ['services'] })
  const hide = useMutation({
    mutationFn: () => services.update(service.id, { isPublic: false }),
    onSuccess: () => {
      const back = (): unknown => services.update(service.id, { isPublic: true }).then(settle, settle)
      // A password is dropped with its access mode, so undo would make the page public.
      if (service.access === 'public') showToast(says.hidden(service.name), back)
      else showToast(says.hidden(service.name))
      return settle()
    },
  })
  const visit = useMutation({
    mutationFn: () => services.viewLink(service.id),
    onSuccess: (url) => void open(url, '_blank', 'noreferrer'),
  })
  return (
    <>
      <div class="actions">
        <AccessMark access={service.access} />
        {service.isPublic === 1 ? (
          <a class="button" href={toPageAddress(service)} target="_blank" rel="noreferrer">
            {says.open}
          </a>
        ) : null}
        {service.access === 'members' ? (
          <button type="button" disabled={visit.isPending} onClick={() => visit.mutate()}>
            {says.openAsMember}
          </button>
        ) : null}
        {!mayWrite ? null : service.isPublic === 1 ? (
          <>
            <button type="button" onClick={() => setIsPublishing(true)}>
              {says.whoSees}…
            </button>
            <button type="button" disabled={hide.isPending} onClick={() => hide.mutate()}>
              {says.hide}
            </button>
          </>
        ) : (
          <button type="button" class="primary" onClick={() => setIsPublishing(true)}>
            {says.publish}
          </button>
        )}
        {mayWrite && service.isDefault === 0 ? <DeletePage service={service} /> : null}
      </div>
      <Complaint error={hide.error ?? visit.error} />
      {isPublishing ? (
        <PublishDialog
          service={service}
          draft={draft}
          arrangement={arrangement}
          onClose={() => setIsPublishing(false)}
        />
      ) : null}
    </>
  )
}
