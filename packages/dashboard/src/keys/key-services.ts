import type { KeyService } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'

/** The services that keys can be created for; empty while loading. */
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
