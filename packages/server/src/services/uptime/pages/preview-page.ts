import { within } from '@gatehouse/kernel/db'
import { withoutGaps } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ServicePreviewBody, ServicePreviewReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { findService } from '../store/service-store.ts'
import { arrangeOrRefuse } from '../usecases/set-layout.ts'
import { loadPage } from './load-page.ts'
import { renderPage } from './render-page.ts'

/** Renders the page with the same view and template as for its readers. */
export async function previewPage(
  deps: Pick<UptimeDeps, 'db' | 'clock' | 'mail'>,
  principal: Principal,
  id: string,
  { language, layout, ...settings }: ServicePreviewBody,
): Promise<ServicePreviewReply> {
  const service = await within(deps, principal, (tx) => findService(tx, id))
  if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
  const spoken = language ?? (service.language === 'ja' ? 'ja' : 'en')
  const page = { ...service, ...withoutGaps(settings), orgId: principal.orgId, serviceId: service.id }
  const now = deps.clock.now()
  const view = await loadPage(
    deps,
    page,
    spoken,
    now,
    layout && ((tx, before) => arrangeOrRefuse(tx, before, layout, () => newId(now))),
  )
  const incidents = [...view.openIncidents, ...view.recentDays.flatMap((day) => day.incidents)]
  return {
    html: renderPage(view, spoken),
    sections: view.sections.map(({ name }) => name),
    components: view.components.map(({ name, description }) =>
      description === null ? name : `${name}: ${description}`,
    ),
    incidents: [...new Set(incidents.map(({ title }) => title))],
    maintenance: view.maintenance.map(({ title, components }) => `${title}: ${components.join(', ')}`),
  }
}
