import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Monitor } from '@gatehouse/sdk'
import { Section } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'
import { monitorWords } from '../words/monitor-words.ts'
import { JobLines } from './job-lines.tsx'

const says = monitorWords.job
const { monitors } = gatehouse.uptime

/** How to report a job's runs: the URL, and command lines to copy. */
export function JobSection({ monitor: { id, config } }: { readonly monitor: Monitor }) {
  const queries = useQueryClient()
  const queryKey = ['monitors', id, 'heartbeat']
  // Reading the URL is recorded in the audit log, so it is read only once per visit.
  const query = useQuery({ queryKey, queryFn: () => monitors.heartbeatUrl(id), staleTime: Infinity })
  const rotate = useMutation({
    mutationFn: () => monitors.rotateToken(id),
    onSuccess: (url) => {
      queries.setQueryData(queryKey, url)
      showToast(says.rotated)
    },
  })
  return (
    <Section title={words.monitor.heartbeat} text={words.monitor.heartbeatText}>
      <Found query={query}>{(url) => <JobLines url={url} periodSeconds={config['periodSeconds']} />}</Found>
      <Complaint error={rotate.error} />
      <div class="actions">
        <Confirm label={says.rotate} question={says.rotateQuestion} onConfirm={() => rotate.mutate()} />
      </div>
    </Section>
  )
}
