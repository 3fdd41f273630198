import type { KeyService } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'

/** What keys can be made for; none until the server has said. */
export function useKeyServices(): readonly KeyService[] {
  const { data } = useQuery({
    queryKey: ['key-services'],
    queryFn: ({ signal }) => gatehouse.platform.apiKeys.services({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? []
}

export function scopesOf(services: readonly KeyService[], name: string | undefined): readonly string[] {
  return services.find((service) => service.name === name)?.scopes ?? []
}
