import type { Service, Subscriber } from '@gatehouse/sdk'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Older, Section } from '../controls.tsx'
import { Ago, Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { subscriberWords as says } from '../words/subscriber-words.ts'

const { subscribers } = gatehouse.uptime.services

/** Who is told of the page. Addresses of strangers: the server shows them to owners alone. */
export function PageSubscribers({ service: { id } }: { readonly service: Service }) {
  const query = useInfiniteQuery({
    queryKey: ['services', id, 'subscribers'],
    queryFn: ({ pageParam, signal }) =>
      subscribers.list(id, pageParam === null ? {} : { cursor: pageParam }, { signal }),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  return (
    <Section title={says.title} text={says.text}>
      <Found query={query}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.subscribers)
          const { confirmed = 0, pending = 0, max = null } = pages[0] ?? {}
          if (found.length === 0) return <EmptyState title={says.none} text={says.noneText} />
          return (
            <>
              <p class="muted small">
                {says.counts(confirmed, pending)}
                {max === null ? null : ` ${says.ofMax(confirmed, max)}`}
              </p>
              <ul class="list" aria-label={says.title}>
                {found.map((subscriber) => (
                  <SubscriberRow key={subscriber.id} serviceId={id} subscriber={subscriber} />
                ))}
              </ul>
              <Older query={query} text={says.more} />
            </>
          )
        }}
      </Found>
    </Section>
  )
}

function SubscriberRow({
  serviceId,
  subscriber: { id, kind, address, language, components, confirmedAt },
}: {
  readonly serviceId: string
  readonly subscriber: Subscriber
}) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => subscribers.remove(serviceId, id),
    onSuccess: () => {
      showToast(says.removed(address))
      return queries.invalidateQueries({ queryKey: ['services', serviceId, 'subscribers'] })
    },
  })
  const told = components.length === 0 ? says.all : says.some(components.length)
  return (
    <li>
      <div class="grow">
        <span class="name">{address}</span>
        <div class="muted small">
          {says.kinds[kind]} · {says.languages[language]} · {told} ·{' '}
          {confirmedAt === null ? says.waiting : <Ago at={confirmedAt} />}
        </div>
        <Complaint error={remove.error} />
      </div>
      <Confirm
        label={says.remove}
        thing={address}
        question={says.confirmRemove(address)}
        onConfirm={() => remove.mutate()}
      />
    </li>
  )
}
