import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Form, Select } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { SecretOnce } from '../parts/secret-once.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { gatehouse } from '../session.ts'
import { readWebhook, WebhookFields } from '../webhooks/webhook-fields.tsx'
import { alertWords as says } from '../words/alert-words.ts'
import { webhookWords } from '../words/webhook-words.ts'
import { NewChannelForm } from './channel-panel.tsx'
import { type DestinationKind, destinationKinds } from './destination-kinds.ts'

/** The form for a new channel or webhook; its fields depend on the kind. */
export function NewDestination({ onClose }: { readonly onClose: () => void }) {
  const [kind, setKind] = useState<DestinationKind>('email')
  return (
    <SidePanel title={says.addTitle} onClose={onClose}>
      <Select
        label={says.kind}
        name="kind"
        value={kind}
        onChange={setKind}
        hint={says.kinds[kind].text}
        choices={destinationKinds.map((value) => ({ value, text: says.kinds[value].label }))}
      />
      {kind === 'events' ? (
        <NewWebhookForm onClose={onClose} />
      ) : (
        <NewChannelForm key={kind} type={kind} onClose={onClose} />
      )}
    </SidePanel>
  )
}

function NewWebhookForm({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  // The revealed secret is discarded with this panel.
  const create = useMutation({
    mutationFn: async (fields: FormData) => gatehouse.platform.webhooks.create(readWebhook(fields)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
    gcTime: 0,
  })
  if (create.data !== undefined)
    return (
      <>
        <SecretOnce text={webhookWords.once} secret={create.data.secret} />
        <div class="actions">
          <button type="button" onClick={onClose}>
            {webhookWords.close}
          </button>
        </div>
      </>
    )
  return (
    <Form label={says.addTitle} class="add" error={create.error} onSubmit={(fields) => create.mutate(fields)}>
      <WebhookFields />
      <Complaint error={create.error} />
      <div class="actions">
        <button type="submit" class="primary" disabled={create.isPending}>
          {says.add}
        </button>
      </div>
    </Form>
  )
}
