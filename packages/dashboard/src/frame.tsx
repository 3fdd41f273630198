import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { type Person, signOut } from './session.ts'
import { SudoPrompt } from './sudo-prompt.tsx'
import { words } from './words.ts'

const places = [
  ['/', words.nav.monitors],
  ['/incidents', words.nav.incidents],
  ['/channels', words.nav.channels],
  ['/status-pages', words.nav.statusPages],
  ['/keys', words.nav.keys],
  ['/security', words.nav.security],
] as const

export function Frame({
  person,
  children,
}: {
  readonly person: Person
  readonly children: ComponentChildren
}) {
  const { path } = useLocation()
  const current = path.startsWith('/monitors/') ? '/' : path
  return (
    <div class="frame">
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <header class="side">
        <a class="brand" href="/">
          <span class="mark" aria-hidden="true" />
          {words.product}
        </a>
        <nav aria-label={words.product}>
          {places.map(([href, name]) => (
            <a key={href} href={href} {...(href === current ? { 'aria-current': 'page' as const } : {})}>
              {name}
            </a>
          ))}
        </nav>
        <div class="who">
          <span title={person.email}>{person.name}</span>
          <button type="button" class="quiet" onClick={() => void signOut().catch(() => undefined)}>
            {words.signOut}
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <SudoPrompt />
    </div>
  )
}
