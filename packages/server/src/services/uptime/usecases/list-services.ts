import { type TenantTx, within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import { type ServiceReply, shownSettings } from '../contract/service-shapes.ts'
import { pickShown } from '../../../service/pick-shown.ts'
import { toTime, toTimeOrNull } from '../../../service/shapes.ts'
import { toFlag, toWire } from '../contract/shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import type { Coverage } from '../domain/maintenance.ts'
import { problems } from '../problems.ts'
import { listOpenWindows } from '../store/maintenance-store.ts'
import { listPageDomains, type PageDomain } from '../store/domain-store.ts'
import { listLogos, type LogoHead } from '../store/logo-store.ts'
import { findService, listServices as listStored, type Service } from '../store/service-store.ts'
import { findServiceCoverage } from './coverage.ts'
import { toInstanceHost } from './look-at-domain.ts'
import { toDomainReply } from './to-domain-reply.ts'

type Deps = Pick<UptimeDeps, 'db' | 'clock' | 'publicUrl'>

export async function listServices(deps: Deps, principal: Principal): Promise<ServiceReply[]> {
  return within(deps, principal, async (tx) => {
    const now = deps.clock.now()
    const windows = await listOpenWindows(tx, now)
    const services = await listStored(tx)
    const logos = await listLogos(tx)
    const domains = await listPageDomains(tx)
    return services.map((service) =>
      toServiceReply(
        tx.orgId,
        service,
        logos.get(service.id),
        domains.get(service.id),
        deps.publicUrl(),
        findServiceCoverage(windows, service.id, now),
      ),
    )
  })
}

export async function getService(deps: Deps, principal: Principal, id: string): Promise<ServiceReply> {
  return within(deps, principal, (tx) => readService(deps, tx, id))
}

/** The current page, read in a transaction that may have changed it. */
export async function readService(
  deps: Pick<UptimeDeps, 'clock' | 'publicUrl'>,
  tx: TenantTx,
  id: string,
): Promise<ServiceReply> {
  const service = await findService(tx, id)
  if (service === undefined) throw problems.NOT_FOUND({ detail: 'Status page not found' })
  const now = deps.clock.now()
  const logo = (await listLogos(tx, id)).get(id)
  const domain = (await listPageDomains(tx, id)).get(id)
  const coverage = findServiceCoverage(await listOpenWindows(tx, now), id, now)
  return toServiceReply(tx.orgId, service, logo, domain, deps.publicUrl(), coverage)
}

function toServiceReply(
  orgId: string,
  service: Service,
  logo: LogoHead | undefined,
  domain: PageDomain | undefined,
  publicUrl: string,
  coverage: Coverage | null,
): ServiceReply {
  return {
    id: service.id,
    teamId: orgId,
    ...pickShown(shownSettings, service, toWire),
    isPublic: toFlag(service.access !== 'members'),
    isDefault: toFlag(service.isDefault),
    ...toDomainReply(domain, toInstanceHost(publicUrl)),
    logo:
      logo === undefined
        ? null
        : { path: `/status/assets/${logo.file}`, width: logo.width, height: logo.height },
    maintenanceUntil: toTimeOrNull(coverage?.announcedUntilMs ?? null),
    autoResolveMaintenance: toFlag(coverage === null || coverage.untilMs !== null),
    createdAt: toTime(service.createdAtMs),
    updatedAt: toTime(service.updatedAtMs),
  }
}
