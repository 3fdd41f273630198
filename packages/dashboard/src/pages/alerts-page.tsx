import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { toDestinations, useChannels, useNoticeLog, useWebhooks } from '../alerts/alert-calls.ts'
import { DeliveryLog } from '../alerts/delivery-log.tsx'
import { DestinationTable } from '../alerts/destination-table.tsx'
import { NewDestination } from '../alerts/new-destination.tsx'
import { at } from '../at.ts'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { usePerson } from '../session.ts'
import { alertWords as says } from '../words/alert-words.ts'

/** Notification channels and their rules; at `/deliveries`, the delivery log. */
export function AlertsPage() {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const { path } = useLocation()
  const isLog = path.endsWith('/deliveries')
  const [isAdding, setIsAdding] = useState(false)
  const onAdd = (): void => setIsAdding(true)
  return (
    <>
      <Heading title={says.title} text={mayWrite ? says.text : says.textForOthers}>
        {mayWrite ? (
          <button type="button" class="primary" onClick={onAdd}>
            {says.add}
          </button>
        ) : null}
      </Heading>
      <nav class="tabs" aria-label={says.title}>
        <a href={at('/alerts')} {...(isLog ? {} : { 'aria-current': 'page' as const })}>
          {says.destinations}
        </a>
        <a href={at('/alerts/deliveries')} {...(isLog ? { 'aria-current': 'page' as const } : {})}>
          {says.deliveries}
        </a>
      </nav>
      {isLog ? <DeliveryLog mayWrite={mayWrite} /> : <Destinations mayWrite={mayWrite} onAdd={onAdd} />}
      {isAdding ? <NewDestination onClose={() => setIsAdding(false)} /> : null}
    </>
  )
}

function Destinations({ mayWrite, onAdd }: { readonly mayWrite: boolean; readonly onAdd: () => void }) {
  const [ofChannels, ofWebhooks, ofNotices] = [useChannels(), useWebhooks(), useNoticeLog()]
  return (
    <Found query={ofChannels}>
      {(channels) => (
        <Found query={ofWebhooks}>
          {(webhooks) => {
            const destinations = toDestinations(channels, webhooks)
            if (destinations.length === 0)
              return (
                <EmptyState title={says.empty} text={mayWrite ? says.emptyText : says.emptyForOthers}>
                  {mayWrite ? (
                    <button type="button" onClick={onAdd}>
                      {says.addFirst}
                    </button>
                  ) : null}
                </EmptyState>
              )
            const notices = ofNotices.data?.pages.flatMap(({ deliveries }) => deliveries) ?? []
            return <DestinationTable {...{ destinations, notices, mayWrite }} />
          }}
        </Found>
      )}
    </Found>
  )
}
