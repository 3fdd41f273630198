import { type Group, type Place, places } from '../places.tsx'
import { usePerson } from '../session.ts'
import { useMe } from '../use-me.ts'

/** The places that this person is shown, by group, in the order of the table. */
export function usePlaces(): ReadonlyMap<Group, readonly Place[]> {
  const isOwner = usePerson()?.role === 'owner'
  const isAdmin = useMe().data?.instanceAdmin === true
  const shown = places.filter(
    ({ audience }) => audience === undefined || (audience === 'owners' ? isOwner : isAdmin),
  )
  return Map.groupBy(shown, ({ group }) => group)
}
