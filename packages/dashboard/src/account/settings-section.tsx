import type { ComponentChildren } from 'preact'

/** One section of the settings: its topic on the left, its controls on the right. */
export function SettingsSection({
  id,
  title,
  text,
  children,
}: {
  readonly id: string
  readonly title: string
  readonly text?: string
  readonly children: ComponentChildren
}) {
  return (
    <section class="setting" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        {text === undefined ? null : <p class="muted small">{text}</p>}
      </div>
      <div class="panel">{children}</div>
    </section>
  )
}
