import { mutate } from '@gatehouse/kernel/audit'
import type { TenantTx } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { LayoutReply, NewLayoutBody } from '../contract/layout-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { arrange, type Layout } from '../domain/layout.ts'
import { problems } from '../problems.ts'
import { raisePageVersion } from '../store/judge-store.ts'
import { findLayout, lockComponents, setLayout as setStored } from '../store/layout-store.ts'
import { listMonitorPlaces } from '../store/monitor-store.ts'
import { lockService, touchService } from '../store/service-store.ts'
import { readLayout } from './get-layout.ts'

/** Replaces a page's layout: all or nothing. */
export async function setLayout(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  wanted: NewLayoutBody,
): Promise<LayoutReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if ((await lockService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await lockComponents(tx, id)
    const { sections, components } = await arrangeOrRefuse(tx, await findLayout(tx, id), wanted, () =>
      newId(now),
    )
    await setStored(tx, id, { sections, components })
    await touchService(tx, id, now)
    await raisePageVersion(tx, id)
    const hidden = components.filter((component) => component.hidden).map((component) => component.id)
    const detail = { sections: sections.length, components: components.length, hidden }
    return {
      result: await readLayout(tx, id),
      entry: { action: 'status_page.layout', resourceId: id, detail, at: now },
    }
  })
}

/** Throws NOT_FOUND or VALIDATION_ERROR, naming the position in the request. */
export async function arrangeOrRefuse(
  tx: TenantTx,
  before: Layout,
  wanted: NewLayoutBody,
  makeId: () => string,
): Promise<Layout> {
  const arranged = arrange(before, wanted, makeId)
  if (arranged.accepted) return arranged.layout
  const { field, because } = arranged
  if (because === 'twice') throw problems.VALIDATION_ERROR({ fields: [{ field, message: 'is named twice' }] })
  const place = /^components\[(\d+)\]\.monitorId$/.exec(field)?.[1]
  const monitorId = place === undefined ? undefined : wanted.components[Number(place)]?.monitorId
  const isElsewhere = monitorId !== undefined && (await listMonitorPlaces(tx, [monitorId])).length > 0
  if (isElsewhere)
    throw problems.VALIDATION_ERROR({
      fields: [{ field, message: 'is a monitor on another status page; set its serviceId first' }],
    })
  throw problems.NOT_FOUND({ fields: [{ field, message: 'is not on this status page' }] })
}
