import type { IncidentInFull } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { DialogForm } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { TextArea } from '../parts/text-area.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toCause } from '../to-reason.ts'
import { toText } from '../to-text.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const { incidents } = gatehouse.uptime

/** The possible actions on an incident in its current state. */
export function IncidentDeeds({ incident }: { readonly incident: IncidentInFull }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const [asked, setAsked] = useState<'resolve' | 'edit'>()
  const { id, status, type, visibility } = incident
  const settle = () => queries.invalidateQueries({ queryKey: ['incidents'] })
  const acknowledge = useMutation({ mutationFn: () => incidents.acknowledge(id), onSettled: settle })
  const show = useMutation({
    mutationFn: () => incidents.setVisibility(id, visibility === 'hidden' ? 'public' : 'hidden'),
    onSuccess: () => {
      const back = (): unknown => incidents.setVisibility(id, visibility).then(settle, settle)
      showToast(visibility === 'hidden' ? says.isShown : says.isHidden, back)
      return settle()
    },
  })
  const remove = useMutation({
    mutationFn: () => incidents.delete(id),
    onSuccess: () => {
      route(at('/uptime/incidents'))
      queries.removeQueries({ queryKey: ['incidents', id] })
      showToast(says.deleted)
      return settle()
    },
  })
  const isOpen = status !== 'resolved'
  return (
    <>
      <div class="actions">
        {status === 'ongoing' ? (
          <button
            type="button"
            class="primary"
            title={says.acknowledged}
            disabled={acknowledge.isPending}
            onClick={() => acknowledge.mutate()}
          >
            {says.acknowledge}
          </button>
        ) : null}
        {isOpen ? (
          <>
            <button type="button" onClick={() => setAsked('resolve')}>
              {says.resolve}
            </button>
            <button type="button" class="quiet" onClick={() => setAsked('edit')}>
              {says.edit}
            </button>
          </>
        ) : null}
        <button type="button" class="quiet" disabled={show.isPending} onClick={() => show.mutate()}>
          {visibility === 'hidden' ? says.show : says.hide}
        </button>
        {type === 'manual' ? (
          <Confirm label={says.delete} question={says.deleteQuestion} onConfirm={() => remove.mutate()} />
        ) : null}
      </div>
      <Complaint error={acknowledge.error ?? show.error ?? remove.error} />
      {asked === 'resolve' ? <Resolve incident={incident} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'edit' ? <Edit incident={incident} onClose={() => setAsked(undefined)} /> : null}
    </>
  )
}

type DialogProps = { readonly incident: IncidentInFull; readonly onClose: () => void }

function Resolve({ incident, onClose }: DialogProps) {
  const { id } = incident
  const queries = useQueryClient()
  const resolve = useMutation({
    mutationFn: (fields: FormData) => incidents.resolve(id, readCause(fields, incident)),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['monitors'] }),
      ])
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.resolveTitle}
      text={says.resolveText}
      submit={says.resolveSubmit}
      isDisabled={resolve.isPending}
      error={resolve.error}
      onSubmit={(fields) => resolve.mutate(fields)}
      onClose={onClose}
    >
      <TextArea
        label={says.cause}
        name="cause"
        hint={says.causeHint}
        value={toCause(incident) ?? ''}
        isOptional
      />
    </DialogForm>
  )
}

function Edit({ incident, onClose }: DialogProps) {
  const { id, type, title } = incident
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (fields: FormData) =>
      incidents.update(id, {
        ...readCause(fields, incident),
        ...(type === 'manual' ? { title: toText(fields, 'title') } : {}),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.editTitle}
      submit={says.save}
      isDisabled={save.isPending}
      error={save.error}
      onSubmit={(fields) => save.mutate(fields)}
      onClose={onClose}
    >
      {type === 'manual' ? <Field label={says.title} name="title" value={title ?? ''} /> : null}
      <TextArea
        label={says.cause}
        name="cause"
        hint={says.causeHint}
        value={toCause(incident) ?? ''}
        isOptional={type === 'manual'}
      />
    </DialogForm>
  )
}

/**
 * The cause to send. If it was not edited, it is sent as it came, so that others still read it in their language.
 */
function readCause(fields: FormData, incident: IncidentInFull): { readonly cause?: string } {
  const written = toText(fields, 'cause').trim()
  const cause = written === toCause(incident) ? (incident.cause ?? '') : written
  return cause === '' ? {} : { cause }
}
