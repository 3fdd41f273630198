import type { Webhook } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { Moment } from '../moment.tsx'
import { Found } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { DeliveryDialog } from '../webhooks/delivery-dialog.tsx'
import { tellEvent } from '../webhooks/tell-event.ts'
import { words } from '../words.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { nameWebhook, type Sent, useNoticeLog, useWebhookLog, useWebhooks } from './alert-calls.ts'
import { mergeLogs } from './merge-logs.ts'
import { NoticePanel } from './notice-panel.tsx'
import { SentMark, toSentState } from './sent-mark.tsx'

/** The log of deliveries and their results. */
export function DeliveryLog({ mayWrite }: { readonly mayWrite: boolean }) {
  const ofWebhooks = useWebhooks()
  const { log, queries, more } = useLog()
  return (
    <Found query={ofWebhooks}>
      {(webhooks) => (
        <Found query={queries[0]}>
          {() => (
            <Found query={queries[1]}>{() => <LogTable {...{ webhooks, log, more, mayWrite }} />}</Found>
          )}
        </Found>
      )}
    </Found>
  )
}

function LogTable({
  webhooks,
  log,
  more,
  mayWrite,
}: {
  readonly webhooks: readonly Webhook[]
  readonly log: readonly Sent[]
  readonly more: { readonly isBusy: boolean; readonly load: () => void } | undefined
  readonly mayWrite: boolean
}) {
  const { route } = useLocation()
  const control = useTableState(['state', 'to'])
  const [openKey, setOpenKey] = useState<string>()
  const { filters, search } = control.state
  const names = new Map(webhooks.map((webhook) => [webhook.id, nameWebhook(webhook)]))
  for (const { kind, delivery } of log)
    if (kind === 'channel') names.set(delivery.channelId, delivery.channelName)
  const nameOf = (sent: Sent): string => names.get(toId(sent)) ?? words.none
  const sought = search.trim().toLowerCase()
  const open = log.find(({ key }) => key === openKey)
  const webhook = webhooks.find(({ id }) => open !== undefined && id === toId(open))
  const set = (name: string, value: string): void =>
    control.change({ filters: { ...filters, [name]: value } })
  return (
    <>
      <DataTable
        name="deliveries"
        label={says.deliveries}
        columns={columns(nameOf, (sent) => setOpenKey(sent.key))}
        rows={log.filter(
          (sent) =>
            [undefined, '', toSentState(sent)].includes(filters['state']) &&
            [undefined, '', toId(sent)].includes(filters['to']) &&
            `${nameOf(sent)} ${tellSent(sent)}`.toLowerCase().includes(sought),
        )}
        idOf={({ key }) => key}
        nameOf={(sent) => `${tellSent(sent)}, ${nameOf(sent)}`}
        control={control}
        onOpen={({ key }) => setOpenKey(key)}
        {...(more === undefined ? {} : { more })}
        filters={
          <>
            <Choose
              label={says.state}
              value={filters['state'] ?? ''}
              onChoose={(value) => set('state', value)}
              options={[
                { value: '', text: says.allStates },
                ...Object.entries(says.deliveryStates).map(([value, text]) => ({ value, text })),
              ]}
            />
            <Choose
              label={says.to}
              value={filters['to'] ?? ''}
              onChoose={(value) => set('to', value)}
              options={[
                { value: '', text: says.allDestinations },
                ...[...names].map(([value, text]) => ({ value, text })),
              ]}
            />
          </>
        }
        empty={
          <EmptyState title={says.noDeliveries} text={says.noDeliveriesText}>
            <button type="button" onClick={() => route(at('/alerts'))}>
              {says.toDestinations}
            </button>
          </EmptyState>
        }
      />
      {open?.kind === 'channel' ? (
        <NoticePanel
          delivery={open.delivery}
          title={tellSent(open)}
          mayWrite={mayWrite}
          onClose={() => setOpenKey(undefined)}
        />
      ) : null}
      {open?.kind === 'webhook' && webhook !== undefined ? (
        <DeliveryDialog
          webhook={webhook}
          deliveryId={open.delivery.id}
          mayWrite={mayWrite}
          onClose={() => setOpenKey(undefined)}
        />
      ) : null}
    </>
  )
}

function columns(nameOf: (sent: Sent) => string, onOpen: (sent: Sent) => void): readonly Column<Sent>[] {
  return [
    {
      id: 'state',
      title: says.state,
      value: toSentState,
      cell: (sent) => <SentMark sent={sent} />,
      width: '9rem',
      isMinor: true,
    },
    {
      id: 'what',
      title: says.what,
      value: tellSent,
      cell: (sent) => (
        <>
          <button type="button" class="link" onClick={() => onOpen(sent)}>
            {tellSent(sent)}
          </button>
          <span class="on-phone muted small">
            <SentMark sent={sent} /> · {nameOf(sent)}
          </span>
        </>
      ),
    },
    { id: 'to', title: says.to, value: nameOf, isMinor: true },
    {
      id: 'attempts',
      title: says.attempts,
      value: ({ kind, delivery }) => (kind === 'channel' ? delivery.attempts.length : delivery.attemptsMade),
      isNumber: true,
      isMinor: true,
      width: '9%',
    },
    {
      id: 'next',
      title: says.next,
      value: ({ delivery }) => delivery.nextAttemptAt,
      cell: ({ delivery: { nextAttemptAt } }) =>
        nextAttemptAt === null ? words.none : <Moment at={nextAttemptAt} />,
      isMinor: true,
      width: '12%',
    },
    {
      id: 'when',
      title: says.when,
      value: (sent) => sent.at,
      cell: (sent) => <Moment at={sent.at} />,
      width: '6.5rem',
    },
  ]
}

function tellSent(sent: Sent): string {
  return tellEvent(sent.kind === 'channel' ? sent.delivery.event : sent.delivery.type)
}

function toId(sent: Sent): string {
  return sent.kind === 'channel' ? sent.delivery.channelId : sent.delivery.webhookId
}

function useLog() {
  const [ofNotices, ofEvents] = [useNoticeLog(), useWebhookLog()]
  const notices = (ofNotices.data?.pages ?? [])
    .flatMap(({ deliveries }) => deliveries)
    .map((delivery): Sent => {
      const { channelId, id, createdAt } = delivery
      return { kind: 'channel', key: `${channelId}/${id}`, at: createdAt, delivery }
    })
  const events = (ofEvents.data?.pages ?? [])
    .flatMap(({ deliveries }) => deliveries)
    .map((delivery): Sent => {
      const { webhookId, id, createdAt } = delivery
      return { kind: 'webhook', key: `${webhookId}/${id}`, at: createdAt, delivery }
    })
  const log = mergeLogs([
    { rows: notices, hasMore: ofNotices.hasNextPage },
    { rows: events, hasMore: ofEvents.hasNextPage },
  ])
  const unfinished = [ofNotices, ofEvents].filter(({ hasNextPage }) => hasNextPage)
  const more =
    unfinished.length === 0
      ? undefined
      : {
          isBusy: unfinished.some(({ isFetchingNextPage }) => isFetchingNextPage),
          load: () => unfinished.forEach(({ fetchNextPage }) => void fetchNextPage()),
        }
  return { log, queries: [ofNotices, ofEvents] as const, more }
}
