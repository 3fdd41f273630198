import type { ComponentChildren } from 'preact'

/** Shown in place of an empty list: the reason, and the action to change it. */
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
