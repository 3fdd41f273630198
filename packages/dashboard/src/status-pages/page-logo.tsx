import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { instanceUrl } from '../at.ts'
import { Form, Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { FieldFrame } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

const { services } = gatehouse.uptime

/** An image shown in place of the name. The server detects its format by content, whatever its file name. */
export function PageLogo({ service: { id, logo, name, isPublic } }: { readonly service: Service }) {
  const queries = useQueryClient()
  const settle = () =>
    Promise.all(['services', 'page-preview'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  const upload = useMutation({
    mutationFn: async (file: FormDataEntryValue | null) => {
      if (!(file instanceof File) || file.size === 0) throw new Refusal(says.logoMissing)
      return services.setLogo(id, { content: await toBase64(file) })
    },
    onSuccess: () => {
      showToast(says.logoSet)
      return settle()
    },
  })
  const remove = useMutation({
    mutationFn: () => services.removeLogo(id),
    onSuccess: () => {
      showToast(says.logoRemoved)
      return settle()
    },
  })
  return (
    <Section title={says.logo} text={isPublic === 1 ? says.logoPublic : says.logoText}>
      {logo === null ? null : (
        <div class="actions">
          <img
            class="page-logo"
            src={`${instanceUrl}${logo.path}`}
            alt={name}
            width={logo.width}
            height={logo.height}
          />
          <button type="button" class="quiet" disabled={remove.isPending} onClick={() => remove.mutate()}>
            {says.logoRemove}
          </button>
        </div>
      )}
      <Form
        key={logo?.path}
        label={says.logo}
        class="add"
        error={upload.error}
        onSubmit={(fields) => upload.mutate(fields.get('content'))}
      >
        <FieldFrame label={says.logoFile} name="content" hint={says.logoHint}>
          {(attributes) => <input {...attributes} type="file" accept="image/png,image/jpeg,image/webp" />}
        </FieldFrame>
        <Complaint error={upload.error ?? remove.error} />
        <div class="actions">
          <button type="submit" disabled={upload.isPending}>
            {says.logoUse}
          </button>
        </div>
      </Form>
    </Section>
  )
}

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
