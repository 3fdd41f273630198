import type { Me } from '@gatehouse/sdk'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { gatehouse } from './session.ts'

/** The current user according to the server; one request shared by all callers. */
export function useMe(): UseQueryResult<Me> {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => gatehouse.platform.me({ signal }) })
}
