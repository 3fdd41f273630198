import type { KeyService } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'
import { frameWords } from '../words/frame-words.ts'

/** The services that keys can be created for; empty while loading. */
export function useKeyServices(): readonly KeyService[] {
  const { data } = useQuery({
    queryKey: ['key-services'],
    queryFn: ({ signal }) => gatehouse.platform.apiKeys.services({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? []
}

const names: ReadonlyMap<string, string> = new Map(Object.entries(frameWords.groups))

/** What a service is called, as in the side bar; one of another version by its own title. */
export function toServiceName({ name, title }: Pick<KeyService, 'name' | 'title'>): string {
  return names.get(name) ?? title
}

export function scopesOf(services: readonly KeyService[], name: string | undefined): readonly string[] {
  return services.find((service) => service.name === name)?.scopes ?? []
}
