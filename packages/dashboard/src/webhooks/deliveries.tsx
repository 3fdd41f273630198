import type { Webhook, WebhookDelivery } from '@gatehouse/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { toAnswer } from '../alerts/to-answer.ts'
import { Older, Section } from '../controls.tsx'
import { Ago, Found } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'
import { webhookWords as says } from '../words/webhook-words.ts'
import { DeliveryDialog } from './delivery-dialog.tsx'
import { tellEvent } from './tell-event.ts'
import { StatusMark } from '../parts/status-mark.tsx'

const { deliveries } = gatehouse.platform.webhooks
const pageSize = 20
/** Polling interval while a delivery is in progress; a user has 60 calls per minute. */
const watchMs = 4_000

export function Deliveries({ webhook, mayWrite }: { readonly webhook: Webhook; readonly mayWrite: boolean }) {
  const [open, setOpen] = useState<WebhookDelivery>()
  const query = useInfiniteQuery({
    queryKey: ['deliveries', webhook.id],
    queryFn: ({ pageParam, signal }) =>
      deliveries.list(
        webhook.id,
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.length === 1 && state.data.pages[0]?.deliveries.some(isUnderway) === true
        ? watchMs
        : false,
  })
  return (
    <Section title={says.deliveries}>
      <Found query={query}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.deliveries)
          return found.length === 0 ? (
            <EmptyState title={says.noDeliveries} text={says.noDeliveriesText} />
          ) : (
            <DeliveryTable found={found} onOpen={setOpen} />
          )
        }}
      </Found>
      <Older query={query} text={says.older} />
      {open === undefined ? null : (
        <DeliveryDialog
          webhook={webhook}
          deliveryId={open.id}
          mayWrite={mayWrite}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}

function DeliveryTable({
  found,
  onOpen,
}: {
  readonly found: readonly WebhookDelivery[]
  readonly onOpen: (delivery: WebhookDelivery) => void
}) {
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={says.deliveries}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.state}</th>
            <th scope="col">{says.event}</th>
            <th scope="col" class="figure">
              {says.attempts}
            </th>
            <th scope="col">{says.answer}</th>
            <th scope="col">{says.next}</th>
            <th scope="col">{says.created}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((delivery) => (
            <tr key={delivery.id}>
              <td>
                <DeliveryState state={delivery.state} />
              </td>
              <td>
                <button type="button" class="link" onClick={() => onOpen(delivery)}>
                  {tellEvent(delivery.type)}
                </button>
              </td>
              <td class="figure">{delivery.attemptsMade}</td>
              <td>
                {delivery.lastStatus ??
                  (delivery.lastError === null ? words.none : toAnswer(delivery.lastError))}
              </td>
              <td>{delivery.nextAttemptAt === null ? words.none : <Ago at={delivery.nextAttemptAt} />}</td>
              <td>
                <Ago at={delivery.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const tones = { pending: 'degraded', delivered: 'ok', failed: 'down', held: 'paused' } as const

export function DeliveryState({ state }: Pick<WebhookDelivery, 'state'>) {
  return <StatusMark tone={tones[state]} text={says.states[state]} />
}

function isUnderway({ state, nextAttemptAt }: WebhookDelivery): boolean {
  return state === 'pending' && nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + 5 * watchMs
}
