import type { Service } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm, Select } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
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
  const query = useQuery({
    queryKey: ['monitors'],
    queryFn: ({ signal }) => monitors.list({}, { signal }),
  })
  const others = (query.data?.monitors ?? []).filter(({ serviceId }) => serviceId !== service.id)
  const settle = () =>
    Promise.all(
      ['page-layout', 'page-preview', 'monitors'].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    )
  const move = useMutation({
    mutationFn: async (id: string) => {
      await monitors.update(id, { serviceId: service.id })
      return others.find((monitor) => monitor.id === id)
    },
    onSuccess: (monitor) => {
      onClose()
      if (monitor !== undefined)
        showToast(says.moved(monitor.name, service.name), () => {
          void monitors.update(monitor.id, { serviceId: monitor.serviceId }).then(settle, settle)
        })
      return settle()
    },
  })
  return (
    <DialogForm
      title={says.addComponent}
      text={service.isPublic === 1 ? says.putPublic : says.putPrivate}
      submit={says.add}
      isDisabled={move.isPending || others.length === 0}
      error={move.error}
      onSubmit={(fields) => move.mutate(toText(fields, 'monitor'))}
      onClose={onClose}
    >
      <Found query={query}>
        {() =>
          others.length === 0 ? (
            <p class="muted">{says.noOthers}</p>
          ) : (
            <Select
              label={says.monitor}
              name="monitor"
              choices={others.map(({ id, name, serviceId }) => ({
                value: id,
                text: says.fromPage(name, services.find((page) => page.id === serviceId)?.name ?? ''),
              }))}
            />
          )
        }
      </Found>
    </DialogForm>
  )
}
