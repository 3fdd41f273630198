import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useRef } from 'preact/hooks'
import { at } from './at.ts'
import { useMe } from './use-me.ts'
import { OrgSwitcher } from './org-switcher.tsx'
import { type Person, signOut } from './session.ts'
import { SudoPrompt } from './sudo-prompt.tsx'
import { words } from './words.ts'

type Place = readonly [href: string, name: string]

const ofServices: readonly Place[] = [
  [at('/uptime/monitors'), words.nav.monitors],
  [at('/uptime/incidents'), words.nav.incidents],
  [at('/uptime/channels'), words.nav.channels],
  [at('/uptime/status-pages'), words.nav.statusPages],
]
const ofTeam: readonly Place[] = [
  [at('/team'), words.nav.team],
  [at('/keys'), words.nav.keys],
  [at('/webhooks'), words.nav.webhooks],
  [at('/audit'), words.nav.audit],
  [at('/usage'), words.nav.usage],
]
const ofPerson: readonly Place[] = [[at('/account/security'), words.nav.security]]
const ofInstance: readonly Place[] = [[at('/admin'), words.nav.administration]]

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
        <a class="brand" href={at('/uptime/monitors')}>
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
            href={at('/account')}
            title={person.shownEmail}
            {...(path === at('/account') ? { 'aria-current': 'page' as const } : {})}
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
  const places = [at('/uptime/monitors'), at('/uptime/incidents'), at('/webhooks')]
  return places.find((place) => path.startsWith(`${place}/`)) ?? path
}
