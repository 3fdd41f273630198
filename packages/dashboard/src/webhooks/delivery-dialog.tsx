import type { Webhook } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Dialog } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { AttemptTable } from '../alerts/attempt-table.tsx'
import { gatehouse } from '../session.ts'
import { webhookWords as says } from '../words/webhook-words.ts'
import { tellEvent } from './tell-event.ts'

const { deliveries } = gatehouse.platform.webhooks

export function DeliveryDialog({
  webhook,
  deliveryId,
  mayWrite,
  onClose,
}: {
  readonly webhook: Webhook
  readonly deliveryId: string
  readonly mayWrite: boolean
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['delivery', webhook.id, deliveryId],
    queryFn: ({ signal }) => deliveries.get(webhook.id, deliveryId, { signal }),
    staleTime: 0,
  })
  const replay = useMutation({
    mutationFn: () => deliveries.replay(webhook.id, deliveryId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  })
  return (
    <Dialog
      title={query.data === undefined ? says.deliveries : tellEvent(query.data.type)}
      isWide
      onClose={onClose}
    >
      <Found query={query}>
        {({ type, payload, attempts }) => (
          <>
            <p class="muted mono">
              {type} · {deliveryId}
            </p>
            <h2>{says.attempts}</h2>
            <AttemptTable
              attempts={attempts.map(({ status, error, ...attempt }) => ({
                ...attempt,
                answer: String(status ?? error ?? says.noAnswer),
              }))}
            />
            <h2>{says.payload}</h2>
            <pre class="payload" tabIndex={0} aria-label={says.payload}>
              <code>{toIndented(payload)}</code>
            </pre>
          </>
        )}
      </Found>
      <Complaint error={replay.error} />
      <div class="actions">
        {mayWrite ? (
          <button
            type="button"
            class="primary"
            disabled={replay.isPending || webhook.state === 'disabled'}
            onClick={() => replay.mutate()}
          >
            {says.replay}
          </button>
        ) : null}
        <button type="button" class="quiet" onClick={onClose}>
          {says.close}
        </button>
        {replay.isSuccess ? (
          <span class="muted small" role="status">
            {says.replayQueued}
          </span>
        ) : null}
      </div>
    </Dialog>
  )
}

function toIndented(payload: string): string {
  return JSON.stringify(JSON.parse(payload), undefined, 2)
}
