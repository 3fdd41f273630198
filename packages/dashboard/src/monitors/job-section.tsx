import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Monitor } from '@gatehouse/sdk'
import { Section } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { words } from '../words.ts'
import { monitorWords } from '../words/monitor-words.ts'

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
      <Found query={query}>
        {(url) => (
          <dl class="snippets">
            {toSnippets(url, config['periodSeconds']).map(([name, text]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <CopyField name={name} text={text} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Found>
      <Complaint error={rotate.error} />
      <div class="actions">
        <Confirm label={says.rotate} question={says.rotateQuestion} onConfirm={() => rotate.mutate()} />
      </div>
    </Section>
  )
}

function toSnippets(url: string, periodSeconds: unknown): readonly (readonly [name: string, text: string])[] {
  const ask = `curl -fsS -m 10 --retry 3 -o /dev/null ${url}`
  return [
    [words.monitor.heartbeat, url],
    [says.curl, `your-job && ${ask}`],
    [says.cron, `${toCron(periodSeconds)} your-job && ${ask}`],
    [says.both, `${ask}/start; your-job; ${ask}/$?`],
  ]
}

const minuteSeconds = 60
const hourSeconds = 3_600
const daySeconds = 86_400

/** A crontab line with about the same interval. */
export function toCron(periodSeconds: unknown): string {
  if (typeof periodSeconds !== 'number' || periodSeconds % minuteSeconds !== 0) return '0 3 * * *'
  if (periodSeconds < hourSeconds) return `*/${periodSeconds / minuteSeconds} * * * *`
  if (periodSeconds === hourSeconds) return '0 * * * *'
  if (periodSeconds < daySeconds && periodSeconds % hourSeconds === 0)
    return `0 */${periodSeconds / hourSeconds} * * *`
  return periodSeconds === 7 * daySeconds ? '0 3 * * 1' : '0 3 * * *'
}
