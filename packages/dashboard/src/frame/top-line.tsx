import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { useLive } from '../live/use-live.ts'
import { toPlace } from '../places.tsx'
import { gatehouse } from '../session.ts'
import { toAppPath } from '../to-app-path.ts'
import { frameWords as says } from '../words/frame-words.ts'
import { StatusMark } from '../parts/status-mark.tsx'
import { Icon } from './icon.tsx'
import { LiveState } from './live-state.tsx'

/** The current page, the age of its data, and open problems. */
export function TopLine({ onSearch }: { readonly onSearch: () => void }) {
  const path = toAppPath(useLocation().path)
  const place = toPlace(path)
  return (
    <header class="top">
      {place === undefined ? (
        <span />
      ) : (
        <p class="here" aria-label={says.here}>
          {place.group === 'overview' ? null : (
            <>
              <span class="muted">{says.groups[place.group]}</span>
              <Icon name="chevron" />
            </>
          )}
          {place.path === path ? (
            <span class="cut">{place.name}</span>
          ) : (
            <a href={at(place.path)}>{place.name}</a>
          )}
        </p>
      )}
      <div class="top-end">
        <OngoingIncidents />
        <LiveState />
        <button type="button" class="opener" aria-keyshortcuts="Control+K Meta+K" onClick={onSearch}>
          <Icon name="search" />
          <span>{says.search}</span>
          <kbd aria-hidden="true">{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
        </button>
      </div>
    </header>
  )
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const pollMs = 15_000
const countMax = 100

function OngoingIncidents() {
  const { data } = useQuery({
    queryKey: ['incidents', 'ongoing'],
    queryFn: ({ signal }) =>
      gatehouse.uptime.incidents.list({ status: 'ongoing', limit: countMax }, { signal }),
    ...useLive(['incidents'], pollMs),
  })
  if (data === undefined || data.incidents.length === 0) return null
  const count = `${data.incidents.length}${data.nextCursor === null ? '' : '+'}`
  return (
    <a class="ongoing" href={at('/uptime/incidents')} title={says.ongoingTitle(count)}>
      <StatusMark tone="down" />
      {says.ongoing(count)}
    </a>
  )
}
