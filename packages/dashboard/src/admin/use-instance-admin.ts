import { useQuery } from '@tanstack/react-query'
import { isInstanceAdmin } from '../session.ts'

/** Asked once for each person: the server says it to nobody else. */
export function useInstanceAdmin(personId: string): boolean {
  const query = useQuery({
    queryKey: ['instance-admin', personId],
    queryFn: isInstanceAdmin,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return query.data === true
}
