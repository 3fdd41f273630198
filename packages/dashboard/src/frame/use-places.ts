import { type Group, type Place, places } from '../places.tsx'
import { usePerson } from '../session.ts'
import { useMe } from '../use-me.ts'

/** The pages that this user sees, by group, in the order of the table. */
export function usePlaces(): ReadonlyMap<Group, readonly Place[]> {
  const role = usePerson()?.role
  const belongs = {
    owners: role === 'owner',
    members: role !== 'viewer',
    'instance admins': useMe().data?.instanceAdmin === true,
  }
  const shown = places.filter(({ audience }) => audience === undefined || belongs[audience])
  return Map.groupBy(shown, ({ group }) => group)
}
