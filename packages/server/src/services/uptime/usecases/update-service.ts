import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ServiceChangeBody, ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { isSlugTaken, lockService, type Service, setServiceSettings } from '../store/service-store.ts'
import { slugTaken } from './create-service.ts'
import { readService } from './list-services.ts'

export async function updateService(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  change: ServiceChangeBody,
): Promise<ServiceReply> {
  const { isPublic, ...settings } = change
  const given = withoutGaps(settings)
  const changed = mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const before = await lockService(tx, id)
    if (before === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await setServiceSettings(tx, id, { ...before, ...given, access: decideAccess(before, isPublic) }, now)
    const detail = { ...given, ...(isPublic === undefined ? {} : { isPublic }) }
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.update', resourceId: id, detail, at: now },
    }
  })
  return changed.catch((error: unknown) => {
    throw isSlugTaken(error) ? slugTaken() : error
  })
}

/** A page that has a password keeps it while it stays public. */
function decideAccess({ access }: Service, isPublic: boolean | undefined): Service['access'] {
  if (isPublic === undefined) return access
  if (!isPublic) return 'members'
  return access === 'members' ? 'public' : access
}
