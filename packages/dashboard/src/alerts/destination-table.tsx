import type { Delivery } from '@gatehouse/sdk'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Moment } from '../moment.tsx'
import { Complaint } from '../parts.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { WebhookBadge } from '../webhooks/webhook-badge.tsx'
import { alertWords as says } from '../words/alert-words.ts'
import { words } from '../words.ts'
import { webhookWords } from '../words/webhook-words.ts'
import { type Destination, nameDestination } from './alert-calls.ts'
import { ChannelPanel } from './channel-panel.tsx'
import { tellRules } from './channel-rules.tsx'
import { nameKind } from './destination-kinds.ts'
import { SentMark } from './sent-mark.tsx'
import { useTest } from './use-test.ts'

type Row = { readonly destination: Destination; readonly last: Delivery | undefined }

/** The notification channels and webhooks, with the state and last delivery of each. */
export function DestinationTable({
  destinations,
  notices,
  mayWrite,
}: {
  readonly destinations: readonly Destination[]
  /** Newest first. */
  readonly notices: readonly Delivery[]
  readonly mayWrite: boolean
}) {
  const { route } = useLocation()
  const [openId, setOpenId] = useState<string>()
  const test = useTest()
  const open = destinations.find(({ id }) => id === openId)
  const rows = destinations.map((destination) => ({
    destination,
    last: notices.find(({ channelId }) => channelId === destination.id),
  }))
  const onOpen = ({ destination }: Row): void => {
    if (destination.kind === 'webhook') route(at(`/alerts/webhooks/${destination.id}`))
    else if (mayWrite) setOpenId(destination.id)
  }
  return (
    <>
      {test.error === null ? null : (
        <div class="notice warning">
          <p>
            <strong>
              {says.testFailed(test.variables === undefined ? '' : nameDestination(test.variables))}
            </strong>
          </p>
          <Complaint error={test.error} />
        </div>
      )}
      <DataTable
        name="destinations"
        label={says.destinations}
        columns={[
          ...columns(onOpen, mayWrite),
          ...(mayWrite ? [testColumn(test.isPending, (one) => test.mutate(one))] : []),
        ]}
        rows={rows}
        idOf={({ destination }) => destination.id}
        nameOf={({ destination }) => nameDestination(destination)}
        onOpen={onOpen}
      />
      {open?.kind === 'channel' ? (
        <ChannelPanel channel={open.channel} onClose={() => setOpenId(undefined)} />
      ) : null}
    </>
  )
}

function columns(onOpen: (row: Row) => void, mayWrite: boolean): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      title: says.name,
      value: ({ destination }) => nameDestination(destination),
      cell: (row) => {
        const { destination } = row
        const name = nameDestination(destination)
        if (destination.kind === 'webhook')
          return (
            <a class="name" href={at(`/alerts/webhooks/${destination.id}`)}>
              {name}
            </a>
          )
        if (!mayWrite) return <span class="name">{name}</span>
        return (
          <button type="button" class="link name" onClick={() => onOpen(row)}>
            {name}
          </button>
        )
      },
    },
    {
      id: 'kind',
      title: says.kind,
      value: ({ destination }) => tellKind(destination),
      isMinor: true,
      width: '15%',
    },
    {
      id: 'state',
      title: says.state,
      value: (row) => tellState(row).text,
      cell: (row) =>
        row.destination.kind === 'webhook' ? (
          <WebhookBadge webhook={row.destination.webhook} />
        ) : (
          <StatusMark {...tellState(row)} />
        ),
      width: '8rem',
    },
    {
      id: 'place',
      title: says.goesTo,
      value: ({ destination }) =>
        destination.kind === 'channel' ? destination.channel.summary : destination.webhook.shownUrl,
      isMinor: true,
    },
    {
      id: 'rules',
      title: says.told,
      value: ({ destination }) => tellAll(destination),
      isMinor: true,
      width: '17%',
    },
    {
      id: 'last',
      title: says.last,
      value: ({ last }) => last?.createdAt ?? says.none,
      cell: ({ last }) =>
        last === undefined ? <span class="muted">{words.none}</span> : <Last delivery={last} />,
      isMinor: true,
      width: '14%',
    },
  ]
}

function testColumn(isBusy: boolean, onTest: (destination: Destination) => void): Column<Row> {
  return {
    id: 'test',
    title: says.testShort,
    value: () => null,
    cell: ({ destination }) => (
      <button
        type="button"
        aria-label={`${says.test}: ${nameDestination(destination)}`}
        disabled={isBusy || !canTest(destination)}
        onClick={() => onTest(destination)}
      >
        {says.testShort}
      </button>
    ),
    width: '6.5rem',
  }
}

function Last({ delivery }: { readonly delivery: Delivery }) {
  const { id: key, createdAt } = delivery
  return (
    <>
      <SentMark sent={{ kind: 'channel', key, at: createdAt, delivery }} isBare /> <Moment at={createdAt} />
    </>
  )
}

function canTest(destination: Destination): boolean {
  if (destination.kind === 'webhook') return destination.webhook.state === 'enabled'
  return destination.channel.isActive === 1 && destination.channel.verified === 1
}

function tellKind(destination: Destination): string {
  return nameKind(destination.kind === 'channel' ? destination.channel.type : 'events')
}

function tellAll(destination: Destination): string {
  return destination.kind === 'channel'
    ? tellRules(destination.channel)
    : says.ofEvents(destination.webhook.events.length)
}

function tellState({ destination, last }: Row) {
  if (destination.kind === 'webhook')
    return destination.webhook.state === 'disabled'
      ? ({ tone: 'paused', text: webhookWords.disabled } as const)
      : ({ tone: 'ok', text: webhookWords.enabled } as const)
  const { isActive, verified } = destination.channel
  if (isActive === 0) return { tone: 'paused', text: says.states.off } as const
  if (verified === 0) return { tone: 'unknown', text: says.states.unverified } as const
  if (last?.state === 'failed') return { tone: 'degraded', text: says.states.failing } as const
  return { tone: 'ok', text: says.states.ready } as const
}
