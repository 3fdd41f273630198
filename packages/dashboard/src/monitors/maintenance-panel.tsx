import type { Maintenance, Monitor } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form } from '../controls.tsx'
import { toInstant, toLocal } from '../local-time.ts'
import { toExact } from '../to-exact.ts'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { words } from '../words.ts'
import { monitorWords } from '../words/monitor-words.ts'

const says = monitorWords.maintenance
const { maintenance } = gatehouse.uptime.monitors
const hourMs = 3_600_000

/** Starts or ends maintenance of one monitor. */
export function MonitorMaintenance({
  monitor: { id, name, maintenanceUntil, autoResolveMaintenance },
  onClose,
}: {
  readonly monitor: Monitor
  readonly onClose: () => void
}) {
  const isUnderway = maintenanceUntil !== null || autoResolveMaintenance === 0
  const said = isUnderway ? toUnderway(maintenanceUntil, autoResolveMaintenance) : undefined
  return (
    <MaintenancePanel
      name={name}
      {...(said === undefined ? {} : { said, onEnd: () => maintenance.end(id) })}
      onStart={(body, idempotencyKey) => maintenance.start(id, body, { idempotencyKey })}
      onClose={onClose}
    />
  )
}

export function MaintenancePanel({
  name,
  said,
  onStart,
  onEnd,
  onClose,
}: {
  readonly name: string
  /** The text of the current state. */
  readonly said?: string
  readonly onStart: (body: Maintenance, idempotencyKey: string) => Promise<unknown>
  readonly onEnd?: () => Promise<unknown>
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const settle = (text: string): Promise<void> => {
    showToast(text)
    onClose()
    return queries.invalidateQueries({ queryKey: ['monitors'] })
  }
  const start = useMutation({
    mutationFn: useOnce(onStart),
    onSuccess: () => settle(says.started(name)),
  })
  const end = useMutation({
    mutationFn: async () => onEnd?.(),
    onSuccess: () => settle(says.ended(name)),
  })
  const isBusy = start.isPending || end.isPending
  return (
    <SidePanel title={says.title(name)} onClose={onClose}>
      <p class="muted">{said ?? says.text}</p>
      <Form
        label={says.title(name)}
        class="monitor-form"
        error={start.error}
        onSubmit={(fields) => start.mutate(toMaintenance(fields))}
      >
        <Field
          label={says.until}
          name="maintenanceUntil"
          type="date and time"
          value={toLocal(Date.now() + hourMs)}
        />
        <label class="tickable">
          <input type="checkbox" name="autoResolve" defaultChecked />
          <span>
            {says.endsByItself}
            <small>{says.endsHint}</small>
          </span>
        </label>
        <label class="tickable">
          <input type="checkbox" name="notify" />
          <span>{says.notify}</span>
        </label>
        <footer>
          <Complaint error={start.error ?? end.error} />
          <div class="actions">
            <button type="submit" class="primary" disabled={isBusy}>
              {says.start}
            </button>
            {onEnd === undefined ? null : (
              <button type="button" disabled={isBusy} onClick={() => end.mutate()}>
                {says.end}
              </button>
            )}
            <button type="button" class="quiet" onClick={onClose}>
              {words.cancel}
            </button>
          </div>
        </footer>
      </Form>
    </SidePanel>
  )
}

function toUnderway(until: string | null, endsByItself: 0 | 1): string {
  if (until === null || endsByItself === 0) return says.openEnded
  return says.underway(toExact(until))
}

function toMaintenance(fields: FormData): Maintenance {
  return {
    maintenanceUntil: toInstant(toText(fields, 'maintenanceUntil')),
    autoResolve: fields.has('autoResolve'),
    notify: fields.has('notify'),
  }
}
