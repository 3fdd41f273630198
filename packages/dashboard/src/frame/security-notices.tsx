import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'preact/hooks'
import { language } from '../language.ts'
import { Complaint } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { toDate } from '../to-date.ts'
import { frameWords as says } from '../words/frame-words.ts'
import { Icon } from './icon.tsx'

const { securityNotices } = gatehouse.platform
const queryKey = ['security-notices']
const everyMs = 300_000

/** Unread security notices from the operator, shown over every page until this user confirms them. */
export function SecurityNotices() {
  const queries = useQueryClient()
  const { data = [] } = useQuery({
    queryKey,
    queryFn: ({ signal }) => securityNotices.list({ signal }),
    staleTime: everyMs,
    meta: { about: ['notices'] },
  })
  // Not a query interval, because the top line would then count the notices as the oldest data on the screen.
  useEffect(() => {
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey }), everyMs)
    return () => clearInterval(timer)
  }, [queries])
  const acknowledge = useMutation({
    mutationFn: (id: string) => securityNotices.acknowledge(id),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  })
  const unread = data.filter(({ acknowledged }) => !acknowledged)
  return (
    <>
      {unread.map(({ id, title, message, toldAt }) => (
        <section key={id} class="security-notice" aria-label={`${says.notice}: ${title}`}>
          <Icon name="shield" />
          <div class="grow">
            <p>
              <strong>{title}</strong>
              <span class="muted small">
                {' '}
                {says.notice} · <time dateTime={toldAt}>{toDate(toldAt)}</time>
              </span>
            </p>
            <p class="notice-text">{message[language] ?? message.en}</p>
            {acknowledge.variables === id ? <Complaint error={acknowledge.error} /> : null}
          </div>
          <button type="button" disabled={acknowledge.isPending} onClick={() => acknowledge.mutate(id)}>
            {says.noticeRead}
          </button>
        </section>
      ))}
    </>
  )
}
