import type { Webhook } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form } from '../controls.tsx'
import { toInstant, toLocal } from '../local-time.ts'
import { Complaint } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { webhookWords as says } from '../words/webhook-words.ts'

const dayMs = 86_400_000

export function ReplaySpan({ webhook }: { readonly webhook: Webhook }) {
  const queries = useQueryClient()
  const replay = useMutation({
    mutationFn: (span: { readonly from: string; readonly to: string }) =>
      gatehouse.platform.webhooks.replay(webhook.id, span),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries', webhook.id] }),
  })
  const now = Date.now()
  return (
    <details class="more panel">
      <summary>{says.range}</summary>
      <p class="muted small">{says.rangeText}</p>
      <Form
        label={says.range}
        class="add row-of-fields"
        onSubmit={(fields) =>
          replay.mutate({ from: toInstant(toText(fields, 'from')), to: toInstant(toText(fields, 'to')) })
        }
      >
        <Moment label={says.from} name="from" atMs={now - dayMs} />
        <Moment label={says.to} name="to" atMs={now + 60_000} />
        <button type="submit" disabled={replay.isPending || webhook.state === 'disabled'}>
          {says.replayRange}
        </button>
      </Form>
      <Complaint error={replay.error} />
      {replay.data === undefined ? null : (
        <p class="small" role="status">
          {says.replayed(replay.data.replayed)}
        </p>
      )}
    </details>
  )
}

function Moment({
  label,
  name,
  atMs,
}: {
  readonly label: string
  readonly name: string
  readonly atMs: number
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="datetime-local" name={name} defaultValue={toLocal(atMs)} required />
    </label>
  )
}
