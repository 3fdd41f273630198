import { followLive, type Live, type LiveDeps } from '@gatehouse/kernel/live'
import type { ServiceFacts } from './service/define-service.ts'

/** Opens the live events of orgs on this node; ends with the server. */
export function openLive(
  deps: Omit<LiveDeps, 'topicOf'>,
  services: readonly Pick<ServiceFacts, 'liveTopicOf'>[],
  stops: (() => void)[],
): Live {
  const topicOf = (subject: string): string | undefined =>
    services.map(({ liveTopicOf }) => liveTopicOf?.(subject)).find((topic) => topic !== undefined)
  const live = followLive({ ...deps, topicOf })
  stops.push(live.stop)
  return live
}
