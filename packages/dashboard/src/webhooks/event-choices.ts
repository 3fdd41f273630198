import { useQuery } from '@tanstack/react-query'
import { gatehouse } from '../session.ts'
import { webhookWords } from '../words/webhook-words.ts'

export type EventChoice = { readonly value: string; readonly text: string; readonly hint?: string }

/** The event types of webhooks, with our labels for known ones. */
export function useEventChoices(): readonly EventChoice[] {
  const { data } = useQuery({
    queryKey: ['webhook-events'],
    queryFn: ({ signal }) => gatehouse.platform.webhooks.events({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const texts = new Map<string, string>(Object.entries(webhookWords.eventTexts))
  return (data ?? []).map((value) => {
    const hint = texts.get(value)
    return { value, text: value, ...(hint === undefined ? {} : { hint }) }
  })
}
