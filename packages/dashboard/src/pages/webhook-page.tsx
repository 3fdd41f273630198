import type { Webhook } from '@gatehouse/sdk'
import { toSentence } from '../to-sentence.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { DialogForm } from '../controls.tsx'
import { Ago, Complaint, Found, Heading } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { Deliveries } from '../webhooks/deliveries.tsx'
import { ReplaySpan } from '../webhooks/replay-span.tsx'
import { tellEvent } from '../webhooks/tell-event.ts'
import { WebhookBadge } from '../webhooks/webhook-badge.tsx'
import { readWebhook, WebhookFields } from '../webhooks/webhook-fields.tsx'
import { words } from '../words.ts'
import { placeWords } from '../words/place-words.ts'
import { webhookWords as says } from '../words/webhook-words.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { webhooks } = gatehouse.platform
/** Polled because a receiver's answers can disable the webhook at any time. */
const watchMs = 10_000

export function WebhookPage() {
  const { id = '' } = useRoute().params
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const query = useQuery({
    queryKey: ['webhook', id],
    queryFn: ({ signal }) => webhooks.get(id, { signal }),
    refetchInterval: watchMs,
  })
  return (
    <>
      <a class="small" href={at('/alerts')}>
        ← {says.back}
      </a>
      <Found query={query} title={placeWords.alerts}>
        {(webhook) => (
          <>
            <Head webhook={webhook} mayWrite={mayWrite} />
            <Deliveries webhook={webhook} mayWrite={mayWrite} />
            {mayWrite ? <ReplaySpan webhook={webhook} /> : null}
          </>
        )}
      </Found>
    </>
  )
}

function Head({ webhook, mayWrite }: { readonly webhook: Webhook; readonly mayWrite: boolean }) {
  return (
    <>
      <Heading
        title={webhook.shownUrl}
        {...(webhook.description === '' ? {} : { text: webhook.description })}
      />
      <div class="facts-line muted small">
        <WebhookBadge webhook={webhook} />
        <span title={webhook.events.map(tellEvent).join('\n')}>{says.eventsOf(webhook.events.length)}</span>
        {webhook.failingSince === null ? null : (
          <span>
            {says.failingSince} <Ago at={webhook.failingSince} />
          </span>
        )}
        {webhook.previousSecretUntil === null ? null : (
          <span>
            {says.oldSecret} <Ago at={webhook.previousSecretUntil} />
          </span>
        )}
      </div>
      {mayWrite ? <Deeds webhook={webhook} /> : null}
    </>
  )
}

function Deeds({ webhook }: { readonly webhook: Webhook }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const [isEditing, setIsEditing] = useState(false)
  const settle = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['webhook', webhook.id] }),
      queries.invalidateQueries({ queryKey: ['deliveries', webhook.id] }),
      queries.invalidateQueries({ queryKey: ['webhooks'] }),
    ])
  const test = useMutation({ mutationFn: () => webhooks.test(webhook.id), onSuccess: settle })
  const enable = useMutation({ mutationFn: () => webhooks.enable(webhook.id), onSuccess: settle })
  // The revealed secret is discarded with this page.
  const rotate = useMutation({
    mutationFn: () => webhooks.rotateSecret(webhook.id),
    onSuccess: settle,
    gcTime: 0,
  })
  const remove = useMutation({
    mutationFn: () => webhooks.delete(webhook.id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['webhooks'] })
      route(at('/alerts'))
    },
  })
  return (
    <>
      {webhook.state === 'disabled' ? (
        <div class="notice warning">
          <p>
            <strong>{toSentence(says.disabledTitle)}</strong>
            {toReason(webhook)} {says.disabledText}
          </p>
          <div class="actions">
            <button type="button" disabled={enable.isPending} onClick={() => enable.mutate()}>
              {says.enable}
            </button>
          </div>
        </div>
      ) : null}
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={test.isPending || webhook.state === 'disabled'}
          onClick={() => test.mutate()}
        >
          {says.test}
        </button>
        <button type="button" onClick={() => setIsEditing(true)}>
          {says.edit}
        </button>
        <Confirm label={says.rotate} question={says.confirmRotate} onConfirm={() => rotate.mutate()} />
        <Confirm label={words.delete} question={says.confirmDelete} onConfirm={() => remove.mutate()} />
      </div>
      {test.isSuccess ? (
        <p class="muted small" role="status">
          {says.tested}
        </p>
      ) : null}
      {enable.data === undefined ? null : (
        <p class="muted small" role="status">
          {says.replayed(enable.data.replayed)}
        </p>
      )}
      {rotate.data === undefined ? null : (
        <SecretOnce
          key={rotate.data.secret}
          text={`${says.once} ${says.overlap}`}
          secret={rotate.data.secret}
        />
      )}
      <Complaint error={test.error ?? enable.error ?? rotate.error ?? remove.error} />
      {isEditing ? <EditWebhook webhook={webhook} onClose={() => setIsEditing(false)} /> : null}
    </>
  )
}

function EditWebhook({ webhook, onClose }: { readonly webhook: Webhook; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async (fields: FormData) => webhooks.update(webhook.id, readWebhook(fields)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['webhook', webhook.id] })
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.editTitle}
      isWide
      submit={says.save}
      isDisabled={save.isPending}
      error={save.error}
      onSubmit={(fields) => save.mutate(fields)}
      onClose={onClose}
    >
      <WebhookFields webhook={webhook} />
    </DialogForm>
  )
}

function toReason({ disabledBecause }: Webhook): string {
  return disabledBecause === 'gone' ? says.disabledBecause.gone : says.disabledBecause.failing
}
