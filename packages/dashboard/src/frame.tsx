import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { useMe } from './use-me.ts'
import { OrgSwitcher } from './org-switcher.tsx'
import { type Person, signOut } from './session.ts'
import { SudoPrompt } from './sudo-prompt.tsx'
import { words } from './words.ts'

type Place = readonly [href: string, name: string]

const ofServices: readonly Place[] = [
  ['/', words.nav.monitors],
  ['/incidents', words.nav.incidents],
  ['/channels', words.nav.channels],
  ['/status-pages', words.nav.statusPages],
]
const ofTeam: readonly Place[] = [
  ['/team', words.nav.team],
  ['/keys', words.nav.keys],
  ['/webhooks', words.nav.webhooks],
  ['/audit', words.nav.audit],
  ['/usage', words.nav.usage],
]
const ofPerson: readonly Place[] = [['/account/security', words.nav.security]]
const ofInstance: readonly Place[] = [['/admin', words.nav.administration]]

export function Frame({
  person,
  children,
}: {
  readonly person: Person
  readonly children: ComponentChildren
}) {
  const { path } = useLocation()
  const isAdmin = useMe().data?.instanceAdmin === true
  const current = toPlace(path)
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a narrow screen the places are a strip that scrolls sideways.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current, isAdmin])
  const groups = [ofServices, ofTeam, isAdmin ? [...ofPerson, ...ofInstance] : ofPerson]
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
        <OrgSwitcher person={person} />
        <nav ref={nav} aria-label={words.product}>
          {groups.map((places) => (
            <div key={places[0]?.[0]} class="places">
              {places.map(([href, name]) => (
                <a key={href} href={href} {...(href === current ? { 'aria-current': 'page' as const } : {})}>
                  {name}
                </a>
              ))}
            </div>
          ))}
        </nav>
        <div class="who">
          <a
            href="/account"
            title={person.email}
            {...(path === '/account' ? { 'aria-current': 'page' as const } : {})}
          >
            {person.name}
          </a>
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

/** Where a page belongs that is not a place of its own. */
function toPlace(path: string): string {
  if (path.startsWith('/monitors/')) return '/'
  return path.startsWith('/webhooks/') ? '/webhooks' : path
}
