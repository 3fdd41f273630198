import type { Monitor, Service } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Form, Section, Select } from '../controls.tsx'
import { toShownStatus } from '../monitor-state.ts'
import { Badge, Complaint, Empty, Found } from '../parts.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

const { monitors } = gatehouse.uptime
type Move = { readonly monitor: Monitor; readonly to: Service }

/** Which monitors the page shows: each is on one page, and goes to the default one when it is taken off. */
export function PageComponents({
  service,
  services,
  mayWrite,
}: {
  readonly service: Service
  readonly services: readonly Service[]
  readonly mayWrite: boolean
}) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['monitors'],
    queryFn: ({ signal }) => monitors.list({}, { signal }),
  })
  const settle = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['monitors'] }),
      queries.invalidateQueries({ queryKey: ['page-preview'] }),
    ])
  const move = useMutation({
    mutationFn: ({ monitor, to }: Move) => monitors.update(monitor.id, { serviceId: to.id }),
    onSuccess: (_, { monitor, to }) => {
      const back = (): unknown =>
        monitors.update(monitor.id, { serviceId: monitor.serviceId }).then(settle, settle)
      showToast(says.moved(monitor.name, to.name), back)
      return settle()
    },
  })
  const byDefault = services.find(({ isDefault }) => isDefault === 1)
  return (
    <Section title={says.components} text={says.componentsText}>
      <Complaint error={move.error} />
      <Found query={query}>
        {({ monitors: all }) => {
          const shown = all.filter(({ serviceId }) => serviceId === service.id)
          const others = all.filter(({ serviceId }) => serviceId !== service.id)
          return (
            <>
              {shown.length === 0 ? (
                <Empty title={says.noComponents} text={says.noComponentsText} />
              ) : (
                <ul class="list" aria-label={says.components}>
                  {shown.map((monitor) => (
                    <li key={monitor.id}>
                      <Badge status={toShownStatus(monitor)} />
                      <a class="name grow" href={at(`/uptime/monitors/${monitor.id}`)}>
                        {monitor.name}
                      </a>
                      {mayWrite && byDefault !== undefined && service.isDefault === 0 ? (
                        <button
                          type="button"
                          class="quiet"
                          aria-label={`${says.takeOff}: ${monitor.name}`}
                          disabled={move.isPending}
                          onClick={() => move.mutate({ monitor, to: byDefault })}
                        >
                          {says.takeOff}
                        </button>
                      ) : null}
                    </li>
                  ))}
                </ul>
              )}
              {mayWrite && others.length > 0 ? (
                <Form
                  label={says.addComponent}
                  class="add row-form"
                  onSubmit={(fields) => {
                    const monitor = others.find(({ id }) => id === toText(fields, 'monitor'))
                    if (monitor !== undefined) move.mutate({ monitor, to: service })
                  }}
                >
                  <Select
                    label={says.addComponent}
                    name="monitor"
                    choices={others.map(({ id, name, serviceId }) => ({
                      value: id,
                      text: says.fromPage(name, services.find((page) => page.id === serviceId)?.name ?? ''),
                    }))}
                  />
                  <button type="submit" disabled={move.isPending}>
                    {says.add}
                  </button>
                </Form>
              ) : null}
            </>
          )
        }}
      </Found>
    </Section>
  )
}
