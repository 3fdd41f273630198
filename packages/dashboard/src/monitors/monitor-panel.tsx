import type { Monitor } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Form } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { useOnce } from '../use-once.ts'
import { words } from '../words.ts'
import { monitorWords as says } from '../words/monitor-words.ts'
import { type Bound, toBindings, toBound } from './bound-destinations.tsx'
import type { MonitorType } from './kind-fields.ts'
import { type Beginning, isKnownType, toChange, toDraft, toNewMonitor } from './monitor-draft.ts'
import { MonitorFields } from './monitor-fields.tsx'

const { monitors, channels, services } = gatehouse.uptime

type Props = {
  readonly onClose: () => void
  /** Called with the saved monitor. */
  readonly onSaved?: (monitor: Monitor) => void
} & (
  | { readonly monitor: Monitor }
  | { readonly monitor?: undefined; readonly type: MonitorType; readonly beginning?: Beginning }
)

/** The panel for creating or editing a monitor, with every field of its type. */
export function MonitorPanel(props: Props) {
  const { monitor, onClose } = props
  const type = monitor === undefined ? props.type : monitor.type
  const query = useQuery({
    queryKey: ['monitors', monitor?.id ?? 'new', 'panel'],
    queryFn: async ({ signal }) => {
      const [known, pages, bound] = await Promise.all([
        channels.list({ signal }),
        services.list({ signal }),
        monitor === undefined ? [] : monitors.channels(monitor.id, { signal }),
      ])
      return { channels: known, pages, bound: toBound(bound) }
    },
    // Not refetched, so that the form does not change while it is edited.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <SidePanel title={monitor === undefined ? says.add : says.editOf(monitor.name)} onClose={onClose}>
      {isKnownType(type) ? (
        <Found query={query}>{(found) => <MonitorForm {...props} type={type} found={found} />}</Found>
      ) : (
        <p>{says.unknownKind}</p>
      )}
    </SidePanel>
  )
}

function MonitorForm({
  monitor,
  type,
  found,
  onClose,
  onSaved,
  ...props
}: Props & {
  readonly type: MonitorType
  readonly found: Pick<Parameters<typeof MonitorFields>[0], 'channels' | 'pages'> & { readonly bound: Bound }
}) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => toDraft(type, monitor ?? toBeginning(props, found.pages)))
  const [bound, setBound] = useState(found.bound)
  const write = useOnce(async (_wanted: object, idempotencyKey) => {
    const change = monitor === undefined ? undefined : toChange(monitor, draft)
    if (monitor === undefined) return monitors.create(toNewMonitor(type, draft), { idempotencyKey })
    return change === undefined ? monitor : monitors.update(monitor.id, change, { idempotencyKey })
  })
  const save = useMutation({
    mutationFn: async () => {
      const saved = await write({ draft })
      const bindings = toBindings(bound)
      if (JSON.stringify(bindings) !== JSON.stringify(toBindings(found.bound)))
        await monitors.setChannels(saved.id, [...bindings])
      return saved
    },
    onSuccess: (saved) => {
      showToast(monitor === undefined ? says.made(saved.name) : says.saved(saved.name))
      onSaved?.(saved)
      onClose()
      return queries.invalidateQueries({ queryKey: ['monitors'] })
    },
  })
  const { error } = save
  return (
    <Form label={monitor?.name ?? says.add} class="monitor-form" error={error} onSubmit={() => save.mutate()}>
      <MonitorFields
        type={type}
        draft={draft}
        onType={(path, typed) => setDraft((before) => ({ ...before, [path]: typed }))}
        channels={found.channels}
        pages={found.pages}
        bound={bound}
        onBind={setBound}
        hasSecret={monitor?.config['auth'] !== undefined}
        isRefused={error !== null}
      />
      <footer>
        <Complaint error={error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending}>
            {monitor === undefined ? says.create : says.save}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            {words.cancel}
          </button>
        </div>
      </footer>
    </Form>
  )
}

const first = {
  intervalSeconds: 300,
  downThreshold: 5,
  upThreshold: 1,
  renotifyMinutes: 0,
  isActive: 1,
} as const
const firstGraceSeconds = 300

function toBeginning(
  props: object & { readonly beginning?: Beginning },
  pages: readonly { readonly id: string; readonly isDefault: 0 | 1 }[],
) {
  const usual = pages.find(({ isDefault }) => isDefault === 1)
  const { config, ...given } = props.beginning ?? {}
  return {
    ...first,
    ...(usual === undefined ? {} : { serviceId: usual.id }),
    ...given,
    config: { graceSeconds: firstGraceSeconds, ...config },
  }
}
