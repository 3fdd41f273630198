import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { findActiveDomain } from '../store/domain-store.ts'
import { insertPageLink } from '../store/page-link-store.ts'
import { findService } from '../store/service-store.ts'
import { digestToken, newToken } from './heartbeat-token.ts'
import { toPageUrl } from './to-page-url.ts'

/** Creates a URL that admits one browser to a members' page, once and within a minute. */
export async function createViewLink(deps: UptimeDeps, principal: Principal, id: string): Promise<string> {
  const token = newToken(deps)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const service = await findService(tx, id)
    if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await insertPageLink(tx, id, digestToken(token), now + policy.viewLink.seconds * 1_000)
    // At the page's own domain, because the cookie that the link sets counts only where it was set.
    const url = new URL(toPageUrl(deps.publicUrl(), service.slug, await findActiveDomain(tx, id)))
    url.searchParams.set('view', token)
    return {
      result: url.href,
      entry: { action: 'status_page.view_link', resourceId: id, detail: {}, at: now },
    }
  })
}
