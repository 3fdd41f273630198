import { discord, isDiscord } from './discord.ts'
import { https } from './https.ts'
import type { ReceiverKind } from './receiver.ts'
import { isSlack, slack } from './slack.ts'
import { telegram } from './telegram.ts'

/** The kinds of webhook destinations. A new kind is a file and a line here. */
export const destinations = { https, discord, slack, telegram } satisfies Record<string, ReceiverKind>

export type DestinationName = keyof typeof destinations

/** The kind of destination of a URL if none is named. */
export function kindOfUrl(url: string): DestinationName {
  if (isDiscord(url)) return 'discord'
  return isSlack(url) ? 'slack' : 'https'
}
