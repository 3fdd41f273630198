import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../frame/icon.tsx'

/** A button that opens a small panel. A click elsewhere or Escape closes it, and Escape returns the focus. */
export function Popover({
  label,
  children,
}: {
  readonly label: string
  readonly children: ComponentChildren
}) {
  const panel = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = ({ target }: Event): void => {
      if (target instanceof Node && panel.current?.contains(target) === false) panel.current.open = false
    }
    document.addEventListener('click', close)
    return () => document.removeEventListener('click', close)
  }, [])
  return (
    <details
      ref={panel}
      class="popover"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        event.currentTarget.open = false
        event.currentTarget.querySelector('summary')?.focus()
      }}
    >
      <summary role="button" class="button">
        <Icon name="sliders" />
        {label}
      </summary>
      <div class="menu">{children}</div>
    </details>
  )
}
