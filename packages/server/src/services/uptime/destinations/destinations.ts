import type { ChannelKind } from './channel.ts'
import { email } from './email.ts'
import { slack } from './slack.ts'
import { webhook } from './webhook.ts'

/** The kinds of channels. A new kind is a file and a line here. */
export const destinations = {
  email,
  webhook,
  slack,
} satisfies Record<string, ChannelKind>
