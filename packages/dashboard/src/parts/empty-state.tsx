import type { ComponentChildren } from 'preact'

/** Where a list would be: why there is none, and the action that ends it. */
export function EmptyState({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      {children === undefined ? null : <div class="actions">{children}</div>}
    </div>
  )
}
