import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import type { Principal } from '@gatehouse/kernel/principal'
import { hashPassword } from '@gatehouse/kernel/sessions'
import type { ServiceChangeBody, ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { isSlugTaken, lockService, setServiceSettings } from '../store/service-store.ts'
import { decideAccess } from './decide-access.ts'
import { slugTaken } from './create-service.ts'
import { readService } from './list-services.ts'

export async function updateService(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  change: ServiceChangeBody,
): Promise<ServiceReply> {
  const { isPublic, access, password, ...settings } = change
  const given = withoutGaps(settings)
  const passwordHash = password === undefined ? undefined : await hashPassword(password)
  const changed = mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const before = await lockService(tx, id)
    if (before === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
    const next = decideAccess(before, { isPublic, access, passwordHash })
    await setServiceSettings(tx, id, { ...before, ...given, ...next }, now)
    const detail = {
      ...given,
      ...(next.access === before.access ? {} : { access: next.access, isPublic: next.access !== 'members' }),
      ...(passwordHash === undefined ? {} : { password: 'changed' }),
    }
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.update', resourceId: id, detail, at: now },
    }
  })
  return changed.catch((error: unknown) => {
    throw isSlugTaken(error) ? slugTaken() : error
  })
}
