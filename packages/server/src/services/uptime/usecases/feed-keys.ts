import { mutate } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { FeedsReply } from '../contract/feeds.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findActiveDomain } from '../store/domain-store.ts'
import { lockService, type Service, setFeedKey } from '../store/service-store.ts'
import { digestToken, newToken } from './heartbeat-token.ts'
import { toPageUrl } from './to-page-url.ts'

/** Returns a credential, so reading it is recorded in the audit chain. */
export async function getFeeds(deps: UptimeDeps, principal: Principal, id: string): Promise<FeedsReply> {
  return mutate(deps, principal, async (tx) => {
    const service = await lockService(tx, id)
    if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    const { sealedFeedKey: sealed } = service
    const key = sealed === null ? null : deps.sealer.open(place(tx.orgId, id), sealed).reveal()
    return {
      result: await toFeeds(deps, tx, service, key),
      entry: { action: 'status_page.reveal_feed_key', resourceId: id, at: deps.clock.now() },
    }
  })
}

/** The old addresses stop working once every node has read the page's head anew, within a second. */
export async function rotateFeedKey(deps: UptimeDeps, principal: Principal, id: string): Promise<FeedsReply> {
  return mutate(deps, principal, async (tx) => {
    const service = await lockService(tx, id)
    if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    const key = newToken(deps)
    await setFeedKey(tx, id, {
      digest: digestToken(key),
      sealed: deps.sealer.seal(place(tx.orgId, id), key),
    })
    return {
      result: await toFeeds(deps, tx, service, key),
      entry: { action: 'status_page.rotate_feed_key', resourceId: id, at: deps.clock.now() },
    }
  })
}

/** The addresses hold the key where they need it. */
async function toFeeds(
  { publicUrl }: Pick<UptimeDeps, 'publicUrl'>,
  tx: TenantTx,
  { id, slug, access }: Service,
  key: string | null,
): Promise<FeedsReply> {
  const suffix = key === null || access !== 'password' ? '' : `?key=${key}`
  const url = toPageUrl(publicUrl(), slug, await findActiveDomain(tx, id))
  return {
    key,
    atom: `${url}/history.atom${suffix}`,
    rss: `${url}/history.rss${suffix}`,
    calendar: `${url}/calendar.ics${suffix}`,
  }
}

function place(orgId: string, row: string) {
  return { orgId, table: 'uptime.service', column: 'sealed_feed_key', row }
}
