import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { LayoutReply } from '../contract/layout-shapes.ts'
import { toFlag } from '../contract/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { stateNow } from '../domain/layout.ts'
import { problems } from '../problems.ts'
import { findLayout } from '../store/layout-store.ts'
import { findService } from '../store/service-store.ts'

export async function getLayout(
  deps: Pick<UptimeDeps, 'db'>,
  principal: Principal,
  id: string,
): Promise<LayoutReply> {
  return within(deps, principal, async (tx) => {
    if ((await findService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    return readLayout(tx, id)
  })
}

/** The current layout, read in a transaction that may have changed it. */
export async function readLayout(tx: TenantTx, id: string): Promise<LayoutReply> {
  const { sections, components } = await findLayout(tx, id)
  const places = new Map(sections.map((section, index) => [section.id, index]))
  return {
    sections: [...sections],
    components: components.map((component) => ({
      id: component.id,
      monitorId: component.monitorId,
      section: component.sectionId === null ? null : (places.get(component.sectionId) ?? null),
      monitorName: component.monitorName,
      displayName: component.displayName,
      description: component.description,
      hidden: toFlag(component.hidden),
      state: stateNow(component),
    })),
  }
}
