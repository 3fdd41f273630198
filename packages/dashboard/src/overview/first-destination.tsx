import type { Channel } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { NewDestination } from '../alerts/new-destination.tsx'
import { useTest } from '../alerts/use-test.ts'
import { Complaint } from '../parts.tsx'
import { alertWords } from '../words/alert-words.ts'
import { overviewWords as says } from '../words/overview-words.ts'

/** Creates a notification channel within the checklist, and sends a test to each verified one. */
export function FirstDestination({ channels }: { readonly channels: readonly Channel[] }) {
  const [isOpen, setIsOpen] = useState(false)
  const test = useTest()
  return (
    <>
      {channels.length === 0 ? (
        <button type="button" onClick={() => setIsOpen(true)}>
          {says.go.destination}
        </button>
      ) : (
        <div class="destinations" role="group" aria-label={alertWords.destinations}>
          {channels.map((channel) => (
            <div key={channel.id} class="row">
              <span>{channel.name}</span>
              {channel.verified === 0 ? (
                <span class="muted small">{says.awaits(channel.summary)}</span>
              ) : (
                <button
                  type="button"
                  aria-label={`${alertWords.test}: ${channel.name}`}
                  disabled={test.isPending || channel.isActive === 0}
                  onClick={() => test.mutate({ kind: 'channel', id: channel.id, channel })}
                >
                  {alertWords.test}
                </button>
              )}
            </div>
          ))}
        </div>
      )}
      <Complaint error={test.error} />
      {isOpen ? <NewDestination onClose={() => setIsOpen(false)} /> : null}
    </>
  )
}
