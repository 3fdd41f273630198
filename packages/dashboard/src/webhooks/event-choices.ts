import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'
import { tellEvent } from './tell-event.ts'

export type EventChoice = { readonly value: string; readonly text: string; readonly code: string }

/** The events of webhooks in words, each with the name that a program receives. */
export function useEventChoices(): readonly EventChoice[] {
  const { data } = useQuery({
    queryKey: ['webhook-events'],
    queryFn: ({ signal }) => gatehouse.platform.webhooks.events({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (data ?? []).map((value) => ({ value, text: tellEvent(value), code: value }))
}
