import type { NewWebhook, Webhook } from '@gatehouse/sdk'
import { Checks, toChecked } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { Refusal } from '../refusal.ts'
import { toText } from '../to-text.ts'
import { webhookWords as says } from '../words/webhook-words.ts'
import { useEventChoices } from './event-choices.ts'

export function WebhookFields({ webhook }: { readonly webhook?: Webhook }) {
  const eventChoices = useEventChoices()
  // Checkboxes rendered later than their form would miss the initial selection.
  if (eventChoices.length === 0) return null
  return (
    <>
      <Field
        label={says.url}
        name="url"
        type="url"
        placeholder={says.urlPlaceholder}
        value={webhook?.shownUrl ?? ''}
      />
      <Field
        label={says.about}
        name="description"
        placeholder={says.aboutPlaceholder}
        value={webhook?.description ?? ''}
        isOptional
      />
      <Checks
        label={says.events}
        name="events"
        choices={eventChoices}
        chosen={webhook?.events ?? eventChoices.map(({ value }) => value)}
      />
      <Checks
        label={says.signatures}
        name="signatures"
        choices={[{ value: 'asymmetric', text: says.asymmetric, hint: says.asymmetricHint }]}
        chosen={webhook?.asymmetric === true ? ['asymmetric'] : []}
      />
    </>
  )
}

export function readWebhook(fields: FormData): NewWebhook {
  // Safe: the checkboxes are those that the server lists.
  const events = toChecked(fields, 'events') as NewWebhook['events']
  if (events.length === 0) throw new Refusal(says.noEvent)
  const asymmetric = toChecked(fields, 'signatures').includes('asymmetric')
  return { url: toText(fields, 'url'), description: toText(fields, 'description'), events, asymmetric }
}
