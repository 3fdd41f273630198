import type { ComponentChildren } from 'preact'

/** Shown in place of an empty list: the reason, and the action to change it. */
export function EmptyState({
  title,
  text,
  isPage,
  children,
}: {
  readonly title: string
  readonly text: string
  /** It is the whole page, and its title is the page's. */
  readonly isPage?: true
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      {isPage === true ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p class="muted">{text}</p>
      {children === undefined ? null : <div class="actions">{children}</div>}
    </div>
  )
}
