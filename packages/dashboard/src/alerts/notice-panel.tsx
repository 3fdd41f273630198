import type { Delivery } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Complaint } from '../parts.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { AttemptTable } from './attempt-table.tsx'
import { SentMark } from './sent-mark.tsx'
import { toAnswer } from './to-answer.ts'

/** One notification with its delivery attempts, and a button to send it again once it has ended. */
export function NoticePanel({
  delivery,
  title,
  mayWrite,
  onClose,
}: {
  readonly delivery: Delivery
  readonly title: string
  readonly mayWrite: boolean
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const resend = useMutation({
    mutationFn: () => gatehouse.uptime.channels.resend(delivery.channelId, delivery.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['notices'] })
      showToast(says.resent)
      onClose()
    },
  })
  const { reason, attempts, incidentId } = delivery
  const hasEnded = delivery.state === 'sent' || delivery.state === 'failed'
  return (
    <SidePanel title={title} onClose={onClose}>
      <p class="facts-line">
        <SentMark sent={{ kind: 'channel', key: delivery.id, at: delivery.createdAt, delivery }} />
        <span>{delivery.channelName}</span>
      </p>
      {reason === null ? null : <p class="muted">{toAnswer(reason)}</p>}
      <AttemptTable
        attempts={attempts.map(({ at: triedAt, result, durationMs }) => ({
          at: triedAt,
          answer: result,
          durationMs,
        }))}
      />
      <Complaint error={resend.error} />
      <div class="actions">
        {mayWrite && hasEnded ? (
          <button type="button" class="primary" disabled={resend.isPending} onClick={() => resend.mutate()}>
            {says.resend}
          </button>
        ) : null}
        {incidentId === null || incidentId.includes(':') ? null : (
          <a href={at(`/uptime/incidents/${incidentId}`)}>{says.openIncident}</a>
        )}
      </div>
    </SidePanel>
  )
}
