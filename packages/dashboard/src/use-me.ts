import type { Me } from '@gatehouse/sdk'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { gatehouse } from './session.ts'

/** Who the person is to the server now; asked once by all that want to know. */
export function useMe(): UseQueryResult<Me> {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => gatehouse.platform.me({ signal }) })
}
