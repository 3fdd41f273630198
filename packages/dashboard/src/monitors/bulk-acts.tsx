import type { Monitor } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Complaint } from '../parts.tsx'
import { Form } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { monitorTableWords as says } from '../words/monitor-table-words.ts'
import { type BulkChange, changeMany, inParts } from './change-many.ts'
import { MaintenancePanel } from './maintenance-panel.tsx'
import { deleteLater } from './monitor-acts.ts'

const { monitors } = gatehouse.uptime

/** Actions on all selected monitors. */
export function BulkActs({
  chosen,
  clear,
}: {
  readonly chosen: readonly Monitor[]
  readonly clear: () => void
}) {
  const queries = useQueryClient()
  const [panel, setPanel] = useState<'maintenance' | 'tags'>()
  const ids = chosen.map(({ id }) => id)
  const count = String(ids.length)
  const settle = () => queries.invalidateQueries({ queryKey: ['monitors'] })
  const change = useMutation({
    mutationFn: (wanted: BulkChange) => changeMany(ids, wanted),
    onSuccess: settle,
  })
  const setActive = (isActive: boolean): void => {
    // Undo applies only to the monitors that were changed.
    const changed = chosen.filter((one) => (one.isActive === 1) !== isActive).map(({ id }) => id)
    change.mutate(
      { isActive },
      {
        onSuccess: () => {
          clear()
          showToast(isActive ? says.resumed(count) : says.paused(count), () => {
            void changeMany(changed, { isActive: !isActive }).then(settle, settle)
          })
        },
      },
    )
  }
  const remove = (): void => {
    clear()
    deleteLater(queries, ids, says.deleted(count), () => inParts(ids, (part) => monitors.deleteSeveral(part)))
  }
  const close = (): void => setPanel(undefined)
  return (
    <>
      <button type="button" disabled={change.isPending} onClick={() => setActive(false)}>
        {words.monitors.pause}
      </button>
      <button type="button" disabled={change.isPending} onClick={() => setActive(true)}>
        {words.monitors.resume}
      </button>
      <button type="button" onClick={() => setPanel('maintenance')}>
        {says.maintenance}
      </button>
      <button type="button" onClick={() => setPanel('tags')}>
        {says.tags}
      </button>
      <button type="button" class="danger" onClick={remove}>
        {words.delete}
      </button>
      <Complaint error={change.error} />
      {panel === 'maintenance' ? (
        <MaintenancePanel
          name={says.several(count)}
          onStart={(body) => inParts(ids, (part) => monitors.maintenance.startSeveral(part, body))}
          onEnd={() => inParts(ids, (part) => monitors.maintenance.endSeveral(part))}
          onClose={close}
        />
      ) : null}
      {panel === 'tags' ? (
        <TagsPanel
          count={count}
          change={change}
          onSubmit={(wanted) => change.mutate(wanted, { onSuccess: close })}
          onClose={close}
        />
      ) : null}
    </>
  )
}

function TagsPanel({
  count,
  change,
  onSubmit,
  onClose,
}: {
  readonly count: string
  readonly change: { readonly error: unknown; readonly isPending: boolean }
  readonly onSubmit: (wanted: BulkChange) => void
  readonly onClose: () => void
}) {
  const read = (fields: FormData, name: string): string[] =>
    toText(fields, name)
      .split(/[,、]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
  return (
    <SidePanel title={says.tagsOf(count)} onClose={onClose}>
      <Form
        label={says.tagsOf(count)}
        class="monitor-form"
        error={change.error}
        onSubmit={(fields) =>
          onSubmit({ addTags: read(fields, 'addTags'), removeTags: read(fields, 'removeTags') })
        }
      >
        <Field label={says.addTags} name="addTags" hint={says.tagsHint} isOptional />
        <Field label={says.removeTags} name="removeTags" isOptional />
        <footer>
          <Complaint error={change.error} />
          <div class="actions">
            <button type="submit" class="primary" disabled={change.isPending}>
              {says.save}
            </button>
            <button type="button" class="quiet" onClick={onClose}>
              {words.cancel}
            </button>
          </div>
        </footer>
      </Form>
    </SidePanel>
  )
}
