import type { Monitor, Service } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm } from '../controls.tsx'
import { MonitorCombobox } from '../monitors/monitor-picker.tsx'
import { Found } from '../parts.tsx'
import { FieldFrame } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

const { monitors } = gatehouse.uptime

/** Adds a monitor to this page. A monitor is on exactly one page, so it leaves its current one. */
export function PutMonitor({
  service,
  services,
}: {
  readonly service: Service
  readonly services: readonly Service[]
}) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        {says.addComponent}
      </button>
      {isOpen ? <PutDialog service={service} services={services} onClose={() => setIsOpen(false)} /> : null}
    </>
  )
}

function PutDialog({
  service,
  services,
  onClose,
}: Parameters<typeof PutMonitor>[0] & { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<Monitor>()
  const others = { exceptServiceId: service.id }
  const query = useQuery({
    queryKey: ['monitors', 'elsewhere', service.id],
    queryFn: ({ signal }) => monitors.list({ ...others, limit: 1 }, { signal }),
  })
  const settle = () =>
    Promise.all(
      ['page-layout', 'page-preview', 'monitors'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    )
  const move = useMutation({
    mutationFn: (monitor: Monitor) => monitors.update(monitor.id, { serviceId: service.id }),
    onSuccess: (_moved, { id, name, serviceId }) => {
      onClose()
      showToast(says.moved(name, service.name), () => {
        void monitors.update(id, { serviceId }).then(settle, settle)
      })
      return settle()
    },
  })
  return (
    <DialogForm
      title={says.addComponent}
      text={service.isPublic === 1 ? says.putPublic : says.putPrivate}
      submit={says.add}
      isDisabled={move.isPending || chosen === undefined}
      error={move.error}
      onSubmit={() => {
        if (chosen !== undefined) move.mutate(chosen)
      }}
      onClose={onClose}
    >
      <Found query={query}>
        {({ monitors: found }) =>
          found.length === 0 ? (
            <p class="muted">{says.noOthers}</p>
          ) : (
            <FieldFrame label={says.monitor} name="monitor">
              {({ id }) => (
                <MonitorCombobox
                  attributes={{ id }}
                  text={chosen === undefined ? '' : toPlace(chosen, services)}
                  filter={others}
                  onPick={setChosen}
                />
              )}
            </FieldFrame>
          )
        }
      </Found>
    </DialogForm>
  )
}

function toPlace({ name, serviceId }: Monitor, services: readonly Service[]): string {
  return says.fromPage(name, services.find((page) => page.id === serviceId)?.name ?? '')
}
