import type { IncidentInFull } from '@gatehouse/sdk'
import { toAnswer } from '../alerts/to-answer.ts'
import { Section } from '../controls.tsx'
import { Ago } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { tellEvent } from '../webhooks/tell-event.ts'
import { incidentWords as says } from '../words/incident-words.ts'

type Delivery = IncidentInFull['deliveries'][number]

const tones = {
  sent: 'ok',
  failed: 'down',
  retrying: 'degraded',
  held: 'paused',
  queued: 'confirming',
  suppressed: 'paused',
  merged: 'unknown',
} as const

export function ToldChannels({ deliveries }: Pick<IncidentInFull, 'deliveries'>) {
  return (
    <Section title={says.deliveries}>
      {deliveries.length === 0 ? (
        <EmptyState title={says.noDeliveries} text={says.noDeliveriesText} />
      ) : (
        <ul class="list" aria-label={says.deliveries}>
          {deliveries.map((delivery) => (
            <li key={delivery.id}>
              <StatusMark tone={tones[delivery.state]} text={says.deliveryStates[delivery.state]} />
              <div class="grow">
                <span class="name">{delivery.channelName}</span>
                <div class="muted small">
                  {toEvent(delivery)}
                  {delivery.reason === null ? null : ` · ${toAnswer(delivery.reason)}`}
                </div>
              </div>
              <span class="muted small">
                {says.delivery.attempts}: {delivery.attempts.length}
              </span>
              <span class="muted small">
                <Ago at={delivery.attempts.at(-1)?.at ?? delivery.createdAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function toEvent({ event }: Delivery): string {
  const names: Readonly<Record<string, string>> = says.events
  return names[event.replace('incident.', '')] ?? tellEvent(event)
}
