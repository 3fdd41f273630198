import type { TeamSettings } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { saveFile } from '../save-file.ts'
import { gatehouse } from '../session.ts'
import { toDate } from '../to-date.ts'
import { teamWords } from '../words/team-words.ts'

const { teams } = gatehouse.platform
const says = teamWords.life

/** Says that the organisation is scheduled for deletion, and lets an owner cancel it. */
export function Deletion({ at, isOwner }: { readonly at: string; readonly isOwner: boolean }) {
  const queries = useQueryClient()
  const keep = useMutation({
    mutationFn: () => teams.cancelDeletion(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['team'] }),
  })
  return (
    <div class="notice warning" role="status">
      <p>
        <strong>{says.scheduled(toDate(at))}</strong> {says.scheduledText}
      </p>
      <Complaint error={keep.error} />
      {isOwner ? (
        <div class="actions">
          <button type="button" disabled={keep.isPending} onClick={() => keep.mutate()}>
            {says.keep}
          </button>
        </div>
      ) : null}
    </div>
  )
}

export function TeamLife({ settings }: { readonly settings: TeamSettings }) {
  const take = useMutation({
    mutationFn: () => teams.export(),
    onSuccess: (archive) => saveFile(archive, `${settings.slug}.tar.gz`),
    gcTime: 0,
  })
  const [isAsking, setIsAsking] = useState(false)
  return (
    <>
      <ul class="list deeds">
        <li>
          <div class="grow">
            <h2>{says.exportTitle}</h2>
            <p class="muted small">{says.exportText}</p>
            <Complaint error={take.error} />
          </div>
          <button type="button" disabled={take.isPending} onClick={() => take.mutate()}>
            {take.isPending ? says.exporting : says.export}
          </button>
        </li>
        {settings.deletionScheduledAt === null ? (
          <li>
            <div class="grow">
              <h2>{says.deleteTitle}</h2>
              <p class="muted small">{says.deleteText}</p>
            </div>
            <button type="button" class="danger" onClick={() => setIsAsking(true)}>
              {says.delete}
            </button>
          </li>
        ) : null}
      </ul>
      {isAsking ? <DeleteTeam settings={settings} onClose={() => setIsAsking(false)} /> : null}
    </>
  )
}

function DeleteTeam({
  settings,
  onClose,
}: {
  readonly settings: TeamSettings
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => teams.delete(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['team'] })
      onClose()
    },
  })
  const [isSure, setIsSure] = useState(false)
  return (
    <DialogForm
      title={says.deleteTitle}
      text={says.deleteText}
      submit={says.confirm}
      isDangerous
      isDisabled={!isSure || remove.isPending}
      error={remove.error}
      onSubmit={() => {
        if (isSure) remove.mutate()
      }}
      onClose={onClose}
    >
      <div
        onInput={({ target }) =>
          setIsSure(target instanceof HTMLInputElement && target.value.trim() === settings.name)
        }
      >
        <Field label={says.typeName(settings.name)} name="name" />
      </div>
    </DialogForm>
  )
}
