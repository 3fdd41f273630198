import type { Monitor, NewMonitor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Form, Select } from '../controls.tsx'
import { useLive } from '../live/use-live.ts'
import { Complaint, Found } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { monitorWords } from '../words/monitor-words.ts'
import { JobLines } from './job-lines.tsx'

const says = monitorWords.heartbeat
const { monitors } = gatehouse.uptime
const waitMs = 2_000
const periods = ['300', '900', '1800', '3600', '21600', '86400', '604800'] as const
const graces = ['60', '300', '900', '3600', '21600'] as const

/** Creates a heartbeat monitor, shows the commands for the job, and shows when the first ping arrives. */
export function HeartbeatPanel({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [made, setMade] = useState<Monitor>()
  const once = useOnce((monitor: NewMonitor, idempotencyKey) => monitors.create(monitor, { idempotencyKey }))
  const create = useMutation({
    mutationFn: (fields: FormData) =>
      once({
        type: 'heartbeat',
        name: toText(fields, 'name'),
        config: {
          periodSeconds: Number(toText(fields, 'periodSeconds')),
          graceSeconds: Number(toText(fields, 'graceSeconds')),
        },
      }),
    onSuccess: async (monitor) => {
      setMade(monitor)
      await queries.invalidateQueries({ queryKey: ['monitors'] })
    },
  })
  return (
    <SidePanel title={made?.name ?? says.title} onClose={onClose}>
      {made === undefined ? (
        <Form
          label={says.title}
          class="add"
          error={create.error}
          onSubmit={(fields) => create.mutate(fields)}
        >
          <p class="muted">{says.text}</p>
          <Field label={says.name} name="name" placeholder={says.namePlaceholder} />
          <Select
            label={says.period}
            name="periodSeconds"
            first="86400"
            choices={periods.map((value) => ({ value, text: says.periods[value] }))}
          />
          <Select
            label={says.grace}
            name="graceSeconds"
            first="300"
            hint={says.graceHint}
            choices={graces.map((value) => ({ value, text: says.graces[value] }))}
          />
          <Complaint error={create.error} />
          <div class="actions">
            <button type="submit" class="primary" disabled={create.isPending}>
              {says.submit}
            </button>
          </div>
        </Form>
      ) : (
        <FirstPing monitor={made} onClose={onClose} />
      )}
    </SidePanel>
  )
}

function FirstPing({ monitor, onClose }: { readonly monitor: Monitor; readonly onClose: () => void }) {
  const { id, config } = monitor
  const url = useQuery({
    queryKey: ['monitors', id, 'heartbeat'],
    queryFn: () => monitors.heartbeatUrl(id),
    staleTime: Infinity,
  })
  const seen = useQuery({
    queryKey: ['monitors', id],
    queryFn: ({ signal }) => monitors.get(id, { signal }),
    initialData: monitor,
    ...useLive(['checks', { topic: 'monitors', id }], waitMs),
  })
  const isHeard = seen.data.lastCheckedAt !== null
  return (
    <div class="add">
      <p role="status">
        <StatusMark tone={isHeard ? 'ok' : 'unknown'} text={isHeard ? says.received : says.waiting} />
      </p>
      <p class="muted">{isHeard ? says.receivedText : says.waitingText}</p>
      <Found query={url}>{(given) => <JobLines url={given} periodSeconds={config['periodSeconds']} />}</Found>
      <p class="muted small">{says.again}</p>
      <div class="actions">
        <button type="button" class="primary" onClick={onClose}>
          {says.done}
        </button>
        <a href={at(`/uptime/monitors/${id}`)}>{says.open}</a>
      </div>
    </div>
  )
}
