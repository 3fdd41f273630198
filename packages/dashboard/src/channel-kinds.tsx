import type { NewChannel } from '@gatehouse/sdk'
import type { ComponentChildren } from 'preact'
import { Field } from './parts/field.tsx'
import { toText } from './to-text.ts'
import { words } from './words.ts'

type Kind = {
  readonly label: string
  readonly fields: () => ComponentChildren
  readonly read: (fields: FormData) => Pick<NewChannel, 'type' | 'config'>
}

/** How each kind of channel is asked for. */
export const channelKinds = {
  email: {
    label: words.channels.email,
    fields: () => <Field label={words.channels.address} name="email" type="email" />,
    read: (fields) => ({ type: 'email', config: { email: toText(fields, 'email') } }),
  },
  webhook: {
    label: words.channels.webhook,
    fields: () => (
      <>
        <Field label={words.channels.url} name="url" type="url" />
        <Field label={words.channels.secret} name="secret" type="password" autoComplete="new-password" />
      </>
    ),
    read: (fields) => ({
      type: 'webhook',
      config: { url: toText(fields, 'url'), secret: toText(fields, 'secret') },
    }),
  },
  slack: {
    label: words.channels.slack,
    fields: () => <Field label={words.channels.slackUrl} name="webhookUrl" type="url" />,
    read: (fields) => ({ type: 'slack', config: { webhookUrl: toText(fields, 'webhookUrl') } }),
  },
} satisfies Record<NewChannel['type'], Kind>

export const channelTypes: readonly NewChannel['type'][] = ['email', 'webhook', 'slack']
