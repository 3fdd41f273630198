import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'

/** Undefined until the server has said it. */
export function useInstanceAdmin(): boolean | undefined {
  const query = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => gatehouse.platform.me({ signal }) })
  return query.data?.instanceAdmin
}
