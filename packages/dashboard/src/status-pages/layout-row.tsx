import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Icon } from '../frame/icon.tsx'
import { Badge } from '../parts.tsx'
import { layoutWords as says } from '../words/layout-words.ts'
import { type LayoutRow, nameOf } from './layout-draft.ts'

const dragged = 'application/x-gatehouse-row'

/** One row in the layout editor, moved by dragging or by its buttons. */
export function LayoutRowItem({
  row,
  isFirst,
  isLast,
  isInSection,
  mayWrite,
  onStep,
  onDrop,
  onChange,
}: {
  readonly row: LayoutRow
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isInSection: boolean
  readonly mayWrite: boolean
  readonly onStep: (step: -1 | 1) => void
  /** Called when a row with key `key` was dropped on this one. */
  readonly onDrop: (key: string, targetKey: string) => void
  readonly onChange: () => void
}) {
  const [isOver, setIsOver] = useState(false)
  const name = nameOf(row)
  const isSection = row.kind === 'section'
  const classes = [isSection ? 'section-row' : isInSection ? 'in-section' : '', isOver ? 'over' : '']
  return (
    <li
      class={classes.filter((one) => one !== '').join(' ')}
      data-row={row.key}
      draggable={mayWrite}
      onDragStart={({ dataTransfer }) => {
        if (dataTransfer === null) return
        dataTransfer.setData(dragged, row.key)
        dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        if (event.dataTransfer?.types.includes(dragged) !== true) return
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        onDrop(event.dataTransfer?.getData(dragged) ?? '', row.key)
      }}
    >
      {row.kind === 'section' ? null : <Badge status={row.state} />}
      <div class="grow">
        {row.kind === 'component' && row.monitorId !== null ? (
          <a class="name" draggable={false} href={at(`/uptime/monitors/${row.monitorId}`)}>
            {name}
          </a>
        ) : (
          <span class="name">{name}</span>
        )}
        <Note row={row} />
      </div>
      {mayWrite ? (
        <div class="row-acts">
          <button
            type="button"
            class="quiet"
            data-step="up"
            aria-label={says.up(name)}
            disabled={isFirst}
            onClick={() => onStep(-1)}
          >
            <Icon name="up" />
          </button>
          <button
            type="button"
            class="quiet"
            data-step="down"
            aria-label={says.down(name)}
            disabled={isLast}
            onClick={() => onStep(1)}
          >
            <Icon name="down" />
          </button>
          <button type="button" class="quiet" aria-label={says.changeOf(name)} onClick={onChange}>
            {says.change}
          </button>
        </div>
      ) : null}
    </li>
  )
}

/** A note about a component: that it is hidden, has no monitor, or has a public name. */
function Note({ row }: { readonly row: LayoutRow }) {
  if (row.kind === 'section') return null
  const notes = [
    ...(row.hidden ? [says.isHidden] : []),
    ...(row.monitorId === null ? [says.isByHand] : []),
    ...(row.monitorId !== null && row.displayName !== null ? [says.isMonitor(row.monitorName ?? '')] : []),
    ...(row.description === null ? [] : [row.description]),
  ]
  return notes.length === 0 ? null : <div class="muted small">{notes.join(' · ')}</div>
}
