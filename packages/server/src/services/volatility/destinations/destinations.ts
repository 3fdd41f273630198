import { discord, isDiscord } from './discord.ts'
import { https } from './https.ts'
import type { ReceiverKind } from './receiver.ts'
import { isSlack, slack } from './slack.ts'
import { telegram } from './telegram.ts'

/** What events can be sent to. A new kind is its file and its line here. */
export const destinations = { https, discord, slack, telegram } satisfies Record<string, ReceiverKind>

export type DestinationName = keyof typeof destinations

/** The kind that a URL is of where nobody says. */
export function kindOfUrl(url: string): DestinationName {
  if (isDiscord(url)) return 'discord'
  return isSlack(url) ? 'slack' : 'https'
}
