import { useLocation } from 'preact-iso'
import { useEffect, useId, useRef } from 'preact/hooks'
import { at } from '../at.ts'
import { OrgSwitcher } from '../org-switcher.tsx'
import { type Group, type Place, services, toPlace } from '../places.tsx'
import type { Person } from '../session.ts'
import { toAppPath } from '../to-app-path.ts'
import { words } from '../words.ts'
import { frameWords as says } from '../words/frame-words.ts'
import { Icon } from './icon.tsx'
import { PersonMenu } from './person-menu.tsx'
import { useService } from './use-service.ts'
import { usePlaces } from './use-places.ts'

/** The navigation. On a phone it is an overlay. */
export function SideBar({
  person,
  isOpen,
  onClose,
}: {
  readonly person: Person
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  const byGroup = usePlaces()
  const { path } = useLocation()
  const current = toPlace(toAppPath(path))
  const shownServices = services.filter((service) => byGroup.has(service))
  const service = useService(current?.group) ?? shownServices[0]
  const side = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return undefined
    const opener = document.activeElement
    side.current?.querySelector<HTMLElement>('a, button, summary')?.focus()
    const close = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return
      onClose()
      if (opener instanceof HTMLElement) opener.focus()
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [isOpen])
  const list = (group: Group) => <Places places={byGroup.get(group) ?? []} current={current} />
  return (
    <aside ref={side} class="side" aria-label={words.product}>
      <OrgSwitcher person={person} />
      <nav aria-label={words.product}>
        {list('overview')}
        {shownServices.map((name) => (
          <Section
            key={name}
            title={says.groups[name]}
            {...(name === service ? {} : { href: byGroup.get(name)?.[0]?.path ?? '' })}
          >
            {name === service ? list(name) : null}
          </Section>
        ))}
        <Section title={says.groups.shared}>{list('shared')}</Section>
        <Section title={says.groups.settings}>{list('settings')}</Section>
      </nav>
      <PersonMenu person={person} places={byGroup.get('person') ?? []} current={current} />
    </aside>
  )
}

/** A named group of pages; with `href` it is collapsed, and its name links to its first page. */
function Section({
  title,
  href,
  children,
}: {
  readonly title: string
  readonly href?: string
  readonly children: preact.ComponentChildren
}) {
  const id = useId()
  if (href !== undefined)
    return (
      <a class="service" href={at(href)}>
        {title}
        <Icon name="chevron" />
      </a>
    )
  return (
    <div role="group" aria-labelledby={id} class="places-of">
      <span id={id} class="group-name">
        {title}
      </span>
      {children}
    </div>
  )
}

function Places({
  places,
  current,
}: {
  readonly places: readonly Place[]
  readonly current: Place | undefined
}) {
  if (places.length === 0) return null
  return (
    <div class="places">
      {places.map((place) => (
        <a key={place.path} href={at(place.path)} {...(place === current ? { 'aria-current': 'page' } : {})}>
          <Icon name={place.icon} />
          {place.name}
        </a>
      ))}
    </div>
  )
}
