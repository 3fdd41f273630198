import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { feedEndpoints } from '../contract/feeds.ts'
import type { UptimeDeps } from '../deps.ts'
import { getFeeds, rotateFeedKey } from '../usecases/feed-keys.ts'

export function feedHandlers(deps: UptimeDeps): HandlersOf<typeof feedEndpoints> {
  return {
    getServiceFeeds: async (caller, { params }) => ({ feeds: await getFeeds(deps, caller, params.id) }),
    rotateFeedKey: async (caller, { params }) => ({ feeds: await rotateFeedKey(deps, caller, params.id) }),
  }
}
