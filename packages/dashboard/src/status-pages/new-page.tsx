import type { NewService } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Form } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { toSlug } from './page-draft.ts'

/** A new page is private, so its content is not public before it is published. */
export function NewPage({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const [proposed, setProposed] = useState('')
  const once = useOnce((page: NewService, idempotencyKey) =>
    gatehouse.uptime.services.create(page, { idempotencyKey }),
  )
  const create = useMutation({
    mutationFn: once,
    onSuccess: async ({ id, name }) => {
      await queries.invalidateQueries({ queryKey: ['services'] })
      showToast(says.created(name))
      route(at(`/uptime/status-pages/${id}`))
    },
  })
  return (
    <SidePanel title={says.create} onClose={onClose}>
      <Form
        label={says.create}
        class="add"
        error={create.error}
        onSubmit={(fields) =>
          create.mutate({ name: toText(fields, 'name'), slug: toText(fields, 'slug'), isPublic: false })
        }
      >
        <Field label={says.name} name="name" onInput={(name) => setProposed(toSlug(name))} />
        <Field key={proposed} label={says.slug} name="slug" value={proposed} hint={says.slugHint} />
        <Complaint error={create.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={create.isPending}>
            {says.createSubmit}
          </button>
        </div>
      </Form>
    </SidePanel>
  )
}
