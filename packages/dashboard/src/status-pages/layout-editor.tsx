import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'preact/hooks'
import { DialogForm, Section } from '../controls.tsx'
import { Complaint, Found } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { layoutWords as says } from '../words/layout-words.ts'
import {
  isSameLayout,
  type LayoutRow,
  listRevealed,
  moveBy,
  moveTo,
  nameOf,
  setRow,
  toNewLayout,
} from './layout-draft.ts'
import { LayoutRowItem } from './layout-row.tsx'
import { PutMonitor } from './put-monitor.tsx'
import { RowDialog } from './row-dialog.tsx'

let made = 0

/** A row that is not saved yet. */
function newRow(kind: LayoutRow['kind']): LayoutRow {
  made += 1
  const row = { key: `new-${made}`, id: null }
  if (kind === 'section') return { ...row, kind, name: '' }
  return {
    ...row,
    kind,
    monitorId: null,
    monitorName: null,
    displayName: null,
    description: null,
    hidden: false,
    state: 'up',
  }
}

/** The editor of sections and components in display order, with a preview; saved as a whole. */
export function LayoutEditor({
  service,
  services,
  query,
  stored,
  rows,
  onRows,
  mayWrite,
}: {
  readonly service: Service
  readonly services: readonly Service[]
  readonly query: UseQueryResult
  readonly stored: readonly LayoutRow[]
  readonly rows: readonly LayoutRow[]
  /** Undefined restores the stored layout. */
  readonly onRows: (rows: readonly LayoutRow[] | undefined) => void
  readonly mayWrite: boolean
}) {
  const queries = useQueryClient()
  const [edited, setEdited] = useState<LayoutRow>()
  const [isAsking, setIsAsking] = useState(false)
  const list = useArranging(rows, onRows)
  const save = useMutation({
    mutationFn: () => gatehouse.uptime.services.setLayout(service.id, toNewLayout(rows)),
    onSuccess: async (layout) => {
      queries.setQueryData(['page-layout', service.id], layout)
      setIsAsking(false)
      onRows(undefined)
      showToast(says.saved)
      await queries.invalidateQueries({ queryKey: ['page-preview'] })
    },
  })
  const revealed = service.isPublic === 1 ? listRevealed(stored, rows) : []
  const isSaved = isSameLayout(stored, rows)
  return (
    <Section title={says.title} text={says.text}>
      <Found query={query}>
        {() => (
          <>
            {rows.length === 0 ? (
              <EmptyState title={says.nothing} text={says.nothingText} />
            ) : (
              <ul class="list layout" aria-label={says.title} ref={list.ref}>
                {rows.map((row, index) => (
                  <LayoutRowItem
                    key={row.key}
                    row={row}
                    isFirst={index === 0}
                    isLast={index === rows.length - 1}
                    isInSection={rows.slice(0, index).some(({ kind }) => kind === 'section')}
                    mayWrite={mayWrite}
                    onStep={(step) => list.step(row, step)}
                    onDrop={list.drop}
                    onChange={() => setEdited(row)}
                  />
                ))}
              </ul>
            )}
            <p class="unseen" role="status">
              {list.said}
            </p>
            {mayWrite ? (
              <>
                <Complaint error={save.error} />
                <div class="actions">
                  <button
                    type="button"
                    class="primary"
                    disabled={isSaved || save.isPending}
                    onClick={() => (revealed.length > 0 ? setIsAsking(true) : save.mutate())}
                  >
                    {says.save}
                  </button>
                  {isSaved ? null : (
                    <>
                      <button type="button" class="quiet" onClick={() => onRows(undefined)}>
                        {says.discard}
                      </button>
                      <span class="muted small" role="status">
                        {says.unsaved}
                      </span>
                    </>
                  )}
                </div>
                <div class="actions">
                  <button type="button" onClick={() => setEdited(newRow('section'))}>
                    {says.addSection}
                  </button>
                  <button type="button" onClick={() => setEdited(newRow('component'))}>
                    {says.addByHand}
                  </button>
                  <PutMonitor service={service} services={services} />
                </div>
              </>
            ) : null}
          </>
        )}
      </Found>
      {edited === undefined ? null : (
        <RowDialog
          row={edited}
          home={services.find(({ isDefault, id }) => isDefault === 1 && id !== service.id)}
          onApply={(row) => {
            const isKnown = rows.some(({ key }) => key === row.key)
            onRows(isKnown ? setRow(rows, row) : insert(rows, row))
            setEdited(undefined)
          }}
          onRemove={() => {
            onRows(rows.filter(({ key }) => key !== edited.key))
            setEdited(undefined)
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
      {isAsking ? (
        <DialogForm
          title={says.revealTitle}
          text={says.revealText}
          submit={says.revealSubmit}
          isDisabled={save.isPending}
          error={save.error}
          onSubmit={() => save.mutate()}
          onClose={() => setIsAsking(false)}
        >
          <ul class="revealed">
            {revealed.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </DialogForm>
      ) : null}
    </Section>
  )
}

/** A new section is added at the end, a new component above the first section. */
function insert(rows: readonly LayoutRow[], row: LayoutRow): readonly LayoutRow[] {
  const first = rows.findIndex(({ kind }) => kind === 'section')
  return rows.toSpliced(row.kind === 'section' || first === -1 ? rows.length : first, 0, row)
}

/** Moves rows, announces their new position, and keeps the focus on the pressed button. */
function useArranging(rows: readonly LayoutRow[], onRows: (rows: readonly LayoutRow[]) => void) {
  const ref = useRef<HTMLUListElement>(null)
  const [moved, setMoved] = useState<{ readonly key: string; readonly step?: -1 | 1 }>()
  useEffect(() => {
    if (moved?.step === undefined) return
    const [up, down] = ref.current?.querySelectorAll<HTMLButtonElement>(
      `[data-row="${moved.key}"] button[data-step]`,
    ) ?? [undefined, undefined]
    const pressed = moved.step === -1 ? up : down
    // At either end, only the opposite button is enabled.
    const shown = pressed?.disabled === true ? (pressed === up ? down : up) : pressed
    shown?.focus()
  }, [moved])
  const place = moved === undefined ? -1 : rows.findIndex(({ key }) => key === moved.key)
  const row = rows[place]
  return {
    ref,
    said: row === undefined ? '' : says.movedTo(nameOf(row), place + 1, rows.length),
    step: ({ key }: LayoutRow, step: -1 | 1) => {
      onRows(moveBy(rows, key, step))
      setMoved({ key, step })
    },
    drop: (key: string, targetKey: string) => {
      onRows(moveTo(rows, key, targetKey))
      setMoved({ key })
    },
  }
}
