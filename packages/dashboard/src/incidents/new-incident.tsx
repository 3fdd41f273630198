import type { NewIncident as Wanted } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { Form, Select } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { TextArea } from '../parts/text-area.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const { incidents, services } = gatehouse.uptime
const impacts = ['none', 'minor', 'major', 'critical'] as const

export function NewIncident({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const pages = useQuery({ queryKey: ['services'], queryFn: ({ signal }) => services.list({ signal }) })
  const once = useOnce((incident: Wanted, idempotencyKey) => incidents.create(incident, { idempotencyKey }))
  const create = useMutation({
    mutationFn: once,
    onSuccess: async ({ id }, { title }) => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      showToast(says.opened(title))
      route(at(`/uptime/incidents/${id}`))
    },
  })
  return (
    <SidePanel title={says.create} onClose={onClose}>
      <p class="muted">{says.createText}</p>
      <Found query={pages}>
        {(found) => (
          <Form
            label={says.create}
            class="add"
            error={create.error}
            onSubmit={(fields) => create.mutate(read(fields))}
          >
            <Field label={says.title} name="title" />
            <Select
              label={says.impact}
              name="impact"
              first="minor"
              choices={impacts.map((value) => ({ value, text: says.impacts[value] }))}
            />
            <Select
              label={says.page}
              name="serviceId"
              first={found.find(({ isDefault }) => isDefault === 1)?.id ?? ''}
              choices={found.map(({ id, name }) => ({ value: id, text: name }))}
            />
            <TextArea label={says.cause} name="cause" hint={says.causeHint} isOptional />
            <Complaint error={create.error} />
            <div class="actions">
              <button type="submit" class="primary" disabled={create.isPending}>
                {says.create}
              </button>
            </div>
          </Form>
        )}
      </Found>
    </SidePanel>
  )
}

function read(fields: FormData): Wanted {
  const cause = toText(fields, 'cause').trim()
  const impact = toText(fields, 'impact')
  const serviceId = fields.get('serviceId')
  return {
    title: toText(fields, 'title'),
    impact: impacts.find((known) => known === impact) ?? 'minor',
    ...(cause === '' ? {} : { cause }),
    ...(typeof serviceId === 'string' && serviceId !== '' ? { serviceId } : {}),
  }
}
