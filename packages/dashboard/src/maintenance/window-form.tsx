import type { MaintenanceWindow, NewMaintenanceWindow, Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Checks, Form, Select, toChecked } from '../controls.tsx'
import { toInstant, toLocal } from '../local-time.ts'
import { MonitorsField } from '../monitors/monitor-picker.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'
import { zoneInUse } from '../zone.ts'
import { isSeries, type Repeat, type Said, toDay, toRule, toSaid, toStart } from './recurrence.ts'
import { readSaid, RecurrenceFields } from './recurrence-fields.tsx'

const { maintenanceWindows } = gatehouse.uptime
const scopes = ['monitors', 'service', 'all'] as const
type Scope = (typeof scopes)[number]
const hourMs = 3_600_000
/** How many monitors the server lets one window name. */
const monitorsMax = 100

/** Plans maintenance, or changes a planned or active window, whose scope then stays fixed. */
export function WindowForm({
  window: changed,
  services,
  onClose,
}: {
  readonly window: MaintenanceWindow | undefined
  readonly services: readonly Service[]
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [scope, setScope] = useState<Scope>('monitors')
  const once = useOnce((body: NewMaintenanceWindow, idempotencyKey) =>
    maintenanceWindows.create(body, { idempotencyKey }),
  )
  const save = useMutation({
    mutationFn: async (fields: FormData) => {
      if (changed === undefined) return once(readWindow(fields, scope))
      if (isSeries(changed))
        return maintenanceWindows.update(changed.id, readSeries(fields, changed.startsAt))
      const { startsAt, ...rest } = readManner(fields)
      return maintenanceWindows.update(changed.id, {
        ...rest,
        ...(changed.state === 'planned' ? { startsAt } : {}),
      })
    },
    onSuccess: async ({ title }) => {
      await queries.invalidateQueries({ queryKey: ['maintenance'] })
      if (changed === undefined) showToast(says.plannedToast(title ?? says.untitled))
      onClose()
    },
  })
  const [firstMs] = useState(() => Math.ceil(Date.now() / hourMs) * hourMs)
  const [zone, setZone] = useState(changed?.timeZone ?? zoneInUse())
  const [first] = useState(() => toLocal(changed?.startsAt ?? firstMs + hourMs, zone))
  const [startsAt, setStartsAt] = useState(first)
  const known = toSaid(changed?.rrule ?? null, changed?.cron ?? null, first)
  const [repeat, setRepeat] = useState<Repeat>(known.repeat)
  const said = known.repeat === repeat ? known : toFresh(repeat, startsAt)
  const canRecur = changed === undefined || isSeries(changed)
  const title = changed === undefined ? says.plan : says.changeTitle
  return (
    <SidePanel title={title} onClose={onClose}>
      <Form label={title} class="add" error={save.error} onSubmit={(fields) => save.mutate(fields)}>
        <Field label={says.name} name="title" value={changed?.title ?? ''} hint={says.nameHint} isOptional />
        {changed === undefined || changed.state === 'planned' || isSeries(changed) ? (
          <Field
            label={says.starts}
            name="startsAt"
            type="date and time"
            value={first}
            hint={repeat === 'never' ? says.zone(zoneInUse()) : says.clocksOf(zone)}
            onInput={setStartsAt}
          />
        ) : null}
        {repeat === 'never' ? (
          <Field
            label={says.ends}
            name="endsAt"
            type="date and time"
            value={toLocal(changed?.endsAt ?? firstMs + 2 * hourMs)}
          />
        ) : null}
        {canRecur ? (
          <RecurrenceFields
            said={said}
            startsAt={startsAt}
            zone={zone}
            minutes={changed?.durationMinutes ?? 60}
            canBeSingle={changed === undefined}
            onRepeat={setRepeat}
            onZone={setZone}
          />
        ) : null}
        {changed === undefined ? (
          <>
            <Select
              label={says.scope}
              name="scope"
              value={scope}
              choices={scopes.map((value) => ({ value, text: says.scopes[value] }))}
              onChange={setScope}
            />
            {scope === 'monitors' ? (
              <MonitorsField label={says.monitors} name="monitorIds" countMax={monitorsMax} />
            ) : null}
            {scope === 'service' ? (
              <Select
                label={says.page}
                name="serviceId"
                choices={services.map(({ id, name }) => ({ value: id, text: name }))}
              />
            ) : null}
          </>
        ) : null}
        <Checks
          label={repeat === 'never' ? says.options : says.told}
          name="options"
          choices={[
            ...(repeat === 'never'
              ? [{ value: 'autoResolve', text: says.autoResolve, hint: says.autoResolveHint }]
              : []),
            { value: 'notify', text: says.notify },
          ]}
          chosen={[
            ...(changed?.autoResolve === false ? [] : ['autoResolve']),
            ...(changed?.notify === true ? ['notify'] : []),
          ]}
        />
        <Complaint error={save.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending}>
            {changed === undefined ? says.submit : says.save}
          </button>
        </div>
      </Form>
    </SidePanel>
  )
}

function readManner(fields: FormData) {
  const options = toChecked(fields, 'options')
  const title = toText(fields, 'title').trim()
  const startsAt = fields.get('startsAt')
  return {
    ...(title === '' ? {} : { title }),
    startsAt: toInstant(typeof startsAt === 'string' ? startsAt : ''),
    endsAt: toInstant(toText(fields, 'endsAt')),
    autoResolve: options.includes('autoResolve'),
    notify: options.includes('notify'),
  }
}

function readSeries(fields: FormData, before?: string) {
  const zone = toText(fields, 'timeZone')
  const title = toText(fields, 'title').trim()
  const startsAt = toText(fields, 'startsAt')
  return {
    ...(title === '' ? {} : { title }),
    startsAt: toStart(startsAt, zone, before),
    ...toRule(readSaid(fields), startsAt),
    durationMinutes: Number(toText(fields, 'durationMinutes')),
    timeZone: zone,
    notify: toChecked(fields, 'options').includes('notify'),
  }
}

/** What is proposed first for another way to recur. */
function toFresh(repeat: Repeat, startsAt: string): Said {
  switch (repeat) {
    case 'never':
      return { repeat }
    case 'daily':
      return { repeat, until: '' }
    case 'weekly':
      return { repeat, weekdays: [toDay(startsAt).weekday], until: '' }
    case 'monthly':
      return { repeat, on: 'date', until: '' }
    case 'rrule':
      return { repeat, rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU' }
    case 'cron':
      return { repeat, rule: '0 2 * * 0' }
  }
}

function readWindow(fields: FormData, scope: Scope): NewMaintenanceWindow {
  const monitorIds = toChecked(fields, 'monitorIds')
  if (scope === 'monitors' && monitorIds.length === 0) throw new Refusal(says.noMonitor)
  return {
    ...(toText(fields, 'repeat') === 'never' ? readManner(fields) : readSeries(fields)),
    scope,
    ...(scope === 'monitors' ? { monitorIds } : {}),
    ...(scope === 'service' ? { serviceId: toText(fields, 'serviceId') } : {}),
  }
}
