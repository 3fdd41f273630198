import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Checks, DialogForm, Select, toChecked } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { layoutWords as says } from '../words/layout-words.ts'
import { statusPageWords } from '../words/status-page-words.ts'
import { type ComponentRow, type LayoutRow, nameOf } from './layout-draft.ts'

const states = ['up', 'degraded', 'down', 'maintenance'] as const

/** What readers see of a section or a component. It changes the draft, which is saved separately. */
export function RowDialog({
  row,
  home,
  onApply,
  onRemove,
  onClose,
}: {
  readonly row: LayoutRow
  /** The default page, if this is another. */
  readonly home: Service | undefined
  readonly onApply: (row: LayoutRow) => void
  readonly onRemove: () => void
  readonly onClose: () => void
}) {
  const isNew = nameOf(row) === ''
  const title = isNew ? says.newTitles[row.kind] : says.changeOf(nameOf(row))
  const canBeRemoved = !isNew && (row.kind === 'section' || row.monitorId === null)
  return (
    <DialogForm
      title={title}
      submit={says.apply}
      isDisabled={false}
      error={undefined}
      onSubmit={(fields) => onApply(toChanged(row, fields))}
      onClose={onClose}
    >
      {row.kind === 'section' ? (
        <Field label={says.sectionName} name="name" value={row.name} />
      ) : (
        <ComponentFields row={row} />
      )}
      {canBeRemoved ? (
        <button type="button" class="quiet" onClick={onRemove}>
          {says.remove[row.kind]}
        </button>
      ) : null}
      {row.kind === 'component' && row.monitorId !== null && home !== undefined ? (
        <TakeOff monitorId={row.monitorId} name={nameOf(row)} home={home} onClose={onClose} />
      ) : null}
    </DialogForm>
  )
}

function ComponentFields({ row }: { readonly row: ComponentRow }) {
  const isByHand = row.monitorId === null
  return (
    <>
      <Field
        label={says.displayName}
        name="displayName"
        value={row.displayName ?? ''}
        placeholder={row.monitorName ?? ''}
        isOptional={!isByHand}
        {...(isByHand ? {} : { hint: says.displayNameHint(row.monitorName ?? '') })}
      />
      <Field
        label={statusPageWords.description}
        name="description"
        value={row.description ?? ''}
        hint={says.descriptionHint}
        isOptional
      />
      {isByHand ? (
        <Select
          label={says.state}
          name="state"
          first={states.find((state) => state === row.state) ?? 'up'}
          hint={says.stateHint}
          choices={states.map((value) => ({ value, text: words.status[value] }))}
        />
      ) : null}
      <Checks
        label={says.readers}
        name="hidden"
        choices={[{ value: 'yes', text: says.hide, hint: says.hideHint }]}
        chosen={row.hidden ? ['yes'] : []}
      />
    </>
  )
}

/** Removes a monitor from this page. A monitor is always on some page, so it moves to the default one. */
function TakeOff({
  monitorId,
  name,
  home,
  onClose,
}: {
  readonly monitorId: string
  readonly name: string
  readonly home: Service
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const move = useMutation({
    mutationFn: () => gatehouse.uptime.monitors.update(monitorId, { serviceId: home.id }),
    onSuccess: async () => {
      onClose()
      showToast(statusPageWords.moved(name, home.name))
      await Promise.all(
        ['page-layout', 'page-preview', 'monitors'].map((key) =>
          queries.invalidateQueries({ queryKey: [key] }),
        ),
      )
    },
  })
  return (
    <button type="button" class="quiet" disabled={move.isPending} onClick={() => move.mutate()}>
      {statusPageWords.takeOff}
    </button>
  )
}

function toChanged(row: LayoutRow, fields: FormData): LayoutRow {
  if (row.kind === 'section') return { ...row, name: toText(fields, 'name').trim() }
  const orNull = (name: string): string | null => {
    const text = toText(fields, name).trim()
    return text === '' ? null : text
  }
  return {
    ...row,
    displayName: orNull('displayName'),
    description: orNull('description'),
    hidden: toChecked(fields, 'hidden').length > 0,
    state:
      row.monitorId === null
        ? (states.find((state) => state === toText(fields, 'state')) ?? 'up')
        : row.state,
  }
}
