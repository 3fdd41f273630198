import type { ChannelKind } from './channel.ts'
import { email } from './email.ts'
import { slack } from './slack.ts'
import { webhook } from './webhook.ts'

/** What notices can be sent by. A new kind is its file and its line here. */
export const destinations = {
  email,
  webhook,
  slack,
} satisfies Record<string, ChannelKind>
