import { mutate } from '@gatehouse/kernel/audit'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import { initialSettings, type NewServiceBody, type ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { insertService } from '../store/service-store.ts'
import { readService } from './list-services.ts'
import { assertRoomForService } from './plan-limits.ts'

export async function createService(
  deps: UptimeDeps,
  principal: Principal,
  { isPublic = true, ...settings }: NewServiceBody,
): Promise<ServiceReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await assertRoomForService(deps, tx)
    const { name, slug } = settings
    const id = newId(now)
    const isInserted = await insertService(tx, {
      ...initialSettings,
      ...withoutGaps(settings),
      id,
      isDefault: false,
      access: isPublic ? 'public' : 'members',
      passwordHash: null,
      createdAtMs: now,
      updatedAtMs: now,
    })
    if (!isInserted) throw slugTaken()
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.create', resourceId: id, detail: { name, slug, isPublic }, at: now },
    }
  })
}

export function slugTaken(): Error {
  return problems.CONFLICT({ fields: [{ field: 'slug', message: 'is taken' }] })
}
