import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { toPlace } from '../places.tsx'
import { toAppPath } from '../to-app-path.ts'
import { frameWords as says } from '../words/frame-words.ts'
import { Icon } from './icon.tsx'
import { usePlaces } from './use-places.ts'

/** The bottom bar on small screens: the most urgent pages, and the menu with all others. */
export function PhoneBar({
  isSideOpen,
  onMore,
}: {
  readonly isSideOpen: boolean
  readonly onMore: () => void
}) {
  const places = [...usePlaces().values()].flat().filter(({ isOnPhone }) => isOnPhone === true)
  const { path } = useLocation()
  const current = isSideOpen ? undefined : toPlace(toAppPath(path))
  return (
    <nav class="phone-bar" aria-label={says.onPhone}>
      {places.map((place) => (
        <a key={place.path} href={at(place.path)} {...(place === current ? { 'aria-current': 'page' } : {})}>
          <Icon name={place.icon} />
          {place.name}
        </a>
      ))}
      <button type="button" aria-expanded={isSideOpen} onClick={onMore}>
        <Icon name={isSideOpen ? 'cross' : 'more'} />
        {isSideOpen ? says.close : says.more}
      </button>
    </nav>
  )
}
