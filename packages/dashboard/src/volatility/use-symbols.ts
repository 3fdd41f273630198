import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'

const none: readonly string[] = []

/** The symbols of this instance; they change only with a restart. */
export function useSymbols(): readonly string[] {
  const query = useQuery({
    queryKey: ['symbols'],
    queryFn: ({ signal }) => gatehouse.volatility.listSymbols({ signal }),
    staleTime: Infinity,
  })
  return query.data?.symbols ?? none
}
