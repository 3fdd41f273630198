import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Form } from '../controls.tsx'
import { Ago, Complaint, Empty, Found, Heading } from '../parts.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { readWebhook, WebhookFields } from '../webhooks/webhook-fields.tsx'
import { WebhookBadge } from '../webhooks/webhook-badge.tsx'
import { webhookWords as says } from '../words/webhook-words.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { webhooks } = gatehouse.platform

export function WebhooksPage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const query = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => webhooks.list({ signal }) })
  return (
    <>
      <Heading title={says.title} text={mayWrite ? says.text : says.textForOthers} />
      {mayWrite ? <NewWebhook /> : null}
      <Found query={query}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={says.empty} text={mayWrite ? says.emptyText : says.emptyForOthers} />
          ) : (
            <ul class="list" aria-label={says.title}>
              {found.map((webhook) => (
                <li key={webhook.id}>
                  <WebhookBadge webhook={webhook} />
                  <div class="grow">
                    <a class="name" href={at(`/webhooks/${webhook.id}`)}>
                      {webhook.shownUrl}
                    </a>
                    <div class="muted small cut">{webhook.description}</div>
                  </div>
                  <span class="muted small" title={webhook.events.join(', ')}>
                    {says.eventsOf(webhook.events.length)}
                  </span>
                  <span class="muted small optional">
                    <Ago at={webhook.createdAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Found>
    </>
  )
}

function NewWebhook() {
  const queries = useQueryClient()
  // The revealed secret lives no longer than this page.
  const create = useMutation({
    mutationFn: async (fields: FormData) => webhooks.create(readWebhook(fields)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
    gcTime: 0,
  })
  return (
    <>
      <Form
        label={says.create}
        class="add inline by-two"
        error={create.error}
        onSubmit={(fields, form) => create.mutate(fields, { onSuccess: () => form.reset() })}
      >
        <WebhookFields />
        <Complaint error={create.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={create.isPending}>
            {says.create}
          </button>
        </div>
      </Form>
      {create.data === undefined ? null : (
        <SecretOnce key={create.data.secret} text={says.once} secret={create.data.secret} />
      )}
    </>
  )
}
