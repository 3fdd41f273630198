import { mutate } from '@gatehouse/kernel/audit'
import type { Principal } from '@gatehouse/kernel/principal'
import type { UptimeDeps } from '../deps.ts'
import { uptimePolicy as policy } from '../policy.ts'
import { problems } from '../problems.ts'
import { insertPageLink } from '../store/page-link-store.ts'
import { findService } from '../store/service-store.ts'
import { digestToken, newToken } from './heartbeat-token.ts'

/** Creates a URL that admits one browser to a members' page, once and within a minute. */
export async function createViewLink(deps: UptimeDeps, principal: Principal, id: string): Promise<string> {
  const token = newToken(deps)
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const service = await findService(tx, id)
    if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await insertPageLink(tx, id, digestToken(token), now + policy.viewLink.seconds * 1_000)
    return {
      result: `${deps.publicUrl()}/status/${service.slug}?view=${token}`,
      entry: { action: 'status_page.view_link', resourceId: id, detail: {}, at: now },
    }
  })
}
