import type { PageFeeds as Feeds, Service } from '@gatehouse/sdk'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { subscriberWords as says } from '../words/subscriber-words.ts'

const { services } = gatehouse.uptime

/** The addresses by which programs follow a page with a password. They are shown on demand, because they hold its key. */
export function PageFeeds({ service: { id } }: { readonly service: Service }) {
  const [feeds, setFeeds] = useState<Feeds>()
  const show = useMutation({ mutationFn: () => services.feeds(id), onSuccess: setFeeds, gcTime: 0 })
  const rotate = useMutation({
    mutationFn: () => services.rotateFeedKey(id),
    onSuccess: (made) => {
      setFeeds(made)
      showToast(says.keyMade)
    },
    gcTime: 0,
  })
  return (
    <Section title={says.feeds} text={says.feedsText}>
      {feeds === undefined ? (
        <div class="actions">
          <button type="button" disabled={show.isPending} onClick={() => show.mutate()}>
            {says.showFeeds}
          </button>
        </div>
      ) : (
        <Addresses feeds={feeds} isBusy={rotate.isPending} onRotate={() => rotate.mutate()} />
      )}
      <Complaint error={show.error ?? rotate.error} />
    </Section>
  )
}

function Addresses({
  feeds,
  isBusy,
  onRotate,
}: {
  readonly feeds: Feeds
  readonly isBusy: boolean
  readonly onRotate: () => void
}) {
  if (feeds.key === null)
    return (
      <>
        <p class="muted small">{says.noKey}</p>
        <div class="actions">
          <button type="button" disabled={isBusy} onClick={onRotate}>
            {says.makeKey}
          </button>
        </div>
      </>
    )
  return (
    <>
      <dl class="snippets">
        {(['atom', 'rss', 'calendar'] as const).map((kind) => (
          <div key={kind}>
            <dt>{says.feed[kind]}</dt>
            <dd>
              <CopyField text={feeds[kind]} name={says.feed[kind]} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <Confirm label={says.replaceKey} question={says.confirmReplace} onConfirm={onRotate} />
      </div>
    </>
  )
}
