import type { Monitor, MonitorFilter } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { toNumber } from '../number-format.ts'
import { FieldFrame } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { useSettled } from '../use-settled.ts'
import { pickerWords as says } from '../words/picker-words.ts'

export type Picked = Pick<Monitor, 'id' | 'name'>

const shownMax = 20
const searchMax = 200

type Attributes = {
  readonly id?: string
  readonly 'aria-label'?: string
  readonly 'aria-invalid'?: 'true'
  readonly 'aria-describedby'?: string
}

type Props = {
  readonly attributes: Attributes
  /** Shown while nobody types; what is typed is given up when the focus leaves. */
  readonly text?: string
  readonly placeholder?: string
  readonly filter?: Pick<MonitorFilter, 'exceptServiceId'>
  /** Text of the option that picks none; without it there is no such option. */
  readonly none?: string
  readonly excluded?: readonly string[]
  readonly onPick: (monitor: Monitor | undefined) => void
}

/** A text field that finds monitors on the server, so that no screen loads all of them to offer a choice. */
export function MonitorCombobox({
  attributes,
  text = '',
  placeholder = says.placeholder,
  filter = {},
  none,
  excluded = [],
  onPick,
}: Props) {
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState<string>()
  const [isOpen, setIsOpen] = useState(false)
  const [active, setActive] = useState(0)
  const { found, total, isPending, isFailed } = useMonitors(typed ?? '', filter, excluded, isOpen)
  const options: readonly (Monitor | undefined)[] = [
    ...(none !== undefined && (typed ?? '') === '' ? [undefined] : []),
    ...found,
  ]
  const close = (): void => {
    setIsOpen(false)
    setTyped(undefined)
  }
  const open = (): void => {
    setActive(0)
    setIsOpen(true)
  }
  const pick = (index: number): void => {
    if (index >= options.length) return
    close()
    onPick(options[index])
  }
  const move = (by: number): void => {
    if (isOpen) setActive((active + by + options.length) % Math.max(1, options.length))
    else open()
  }
  useEffect(() => {
    if (isOpen) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [isOpen, active])
  return (
    <div class="picker">
      <input
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        {...(isOpen && active < options.length ? { 'aria-activedescendant': `${listId}-${active}` } : {})}
        {...attributes}
        placeholder={placeholder}
        autoComplete="off"
        spellcheck={false}
        maxLength={searchMax}
        value={typed ?? text}
        onClick={open}
        onBlur={close}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value)
          open()
        }}
        onKeyDown={(event) => {
          if (event.isComposing) return
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter' && isOpen) pick(active)
          else if (event.key === 'Escape' && isOpen) close()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <div class="picker-list" hidden={!isOpen}>
        <div
          ref={list}
          id={listId}
          role="listbox"
          aria-label={says.monitors}
          // Keeps the focus in the field.
          onPointerDown={(event) => event.preventDefault()}
        >
          {options.map((monitor, index) => (
            <div
              key={monitor?.id ?? ''}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerMove={() => setActive(index)}
              onClick={() => pick(index)}
            >
              <span class="cut">{monitor?.name ?? none}</span>
              {monitor === undefined || monitor.shownTarget === null ? null : (
                <span class="muted small cut">{monitor.shownTarget}</span>
              )}
            </div>
          ))}
        </div>
        <p class="muted small" role="status">
          {!isOpen || isPending
            ? ''
            : isFailed
              ? says.failed
              : total === 0
                ? says.nothing
                : total > found.length
                  ? says.shownOf(toNumber(found.length), toNumber(total))
                  : says.shown(toNumber(found.length))}
        </p>
      </div>
    </div>
  )
}

/** One page of matches by name, read once somebody looks at it. */
function useMonitors(
  text: string,
  filter: Pick<MonitorFilter, 'exceptServiceId'>,
  excluded: readonly string[],
  enabled: boolean,
) {
  const sought = useSettled(text.trim())
  const limit = shownMax + excluded.length
  const query = useQuery({
    queryKey: ['monitors', 'choices', filter, sought, limit],
    queryFn: ({ signal }) =>
      gatehouse.uptime.monitors.list(
        { ...filter, ...(sought === '' ? {} : { q: sought }), sort: 'name', limit },
        { signal },
      ),
    // Not for what was typed before.
    enabled: enabled && sought === text.trim(),
    placeholderData: (before) => before,
  })
  const matches = query.data?.monitors ?? []
  const left = matches.filter(({ id }) => !excluded.includes(id))
  return {
    found: left.slice(0, shownMax),
    total: (query.data?.total ?? matches.length) - (matches.length - left.length),
    isPending: query.isPending,
    isFailed: query.isError,
  }
}

/** Picks several monitors of a form; each that is picked stands above the field, and can be taken out again. */
export function MonitorsField({
  label,
  name,
  countMax,
}: {
  readonly label: string
  readonly name: string
  readonly countMax: number
}) {
  const [picked, setPicked] = useState<readonly Picked[]>([])
  return (
    <FieldFrame label={label} name={name} hint={says.hint(toNumber(countMax))}>
      {({ id, name: _name, required: _required, ...described }) => (
        <>
          {picked.length === 0 ? null : (
            <ul class="picked" aria-label={says.picked(label)}>
              {picked.map((monitor) => (
                <li key={monitor.id}>
                  <span class="cut">{monitor.name}</span>
                  <input type="hidden" name={name} value={monitor.id} />
                  <button
                    type="button"
                    class="quiet"
                    aria-label={says.takeOut(monitor.name)}
                    onClick={() => {
                      setPicked(picked.filter((one) => one.id !== monitor.id))
                      document.getElementById(id)?.focus()
                    }}
                  >
                    ×
                  </button>
                </li>
              ))}
            </ul>
          )}
          {picked.length < countMax ? (
            <MonitorCombobox
              attributes={{ id, ...described }}
              excluded={picked.map((one) => one.id)}
              onPick={(monitor) => {
                if (monitor !== undefined) setPicked([...picked, monitor])
              }}
            />
          ) : null}
        </>
      )}
    </FieldFrame>
  )
}
