import { isIP } from 'node:net'
import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { NewCustomDomainBody } from '../contract/custom-domains.ts'
import type { ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { problems } from '../problems.ts'
import { deletePageDomain, insertPageDomain, isDomainActive, lockPageDomain } from '../store/domain-store.ts'
import { lockService } from '../store/service-store.ts'
import { newToken } from './heartbeat-token.ts'
import { readService } from './list-services.ts'
import { toInstanceHost } from './look-at-domain.ts'
import { assertCustomDomains } from './plan-limits.ts'

/** Gives a page a domain, which is active once its records were found. Naming the same one again changes nothing. */
export async function setCustomDomain(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
  { domain }: NewCustomDomainBody,
): Promise<ServiceReply> {
  const host = toInstanceHost(deps.publicUrl())
  const isElsewhere = await asGate(deps, (tx) =>
    isDomainActive(tx, domain, { orgId: principal.orgId, serviceId: id }),
  )
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if ((await lockService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    await assertCustomDomains(deps, tx)
    assertReachable(host)
    if (domain === host) throw refuse('is the name of this instance itself')
    if (isElsewhere) throw domainTaken()
    const before = await lockPageDomain(tx, id)
    if (before?.domain !== domain) {
      await deletePageDomain(tx, id)
      const isInserted = await insertPageDomain(tx, {
        serviceId: id,
        domain,
        token: newToken(deps),
        status: 'pending_validation',
        finding: null,
        checkedAtMs: null,
        badDays: 0,
        createdAtMs: now,
      })
      if (!isInserted) throw domainTaken()
    }
    return {
      result: await readService(deps, tx, id),
      entry: {
        action: 'status_page.set_domain',
        resourceId: id,
        detail: { domain, before: before?.domain ?? null },
        at: now,
      },
    }
  })
}

/** Removes the domain; the page is no longer served there. Does nothing if there is none. */
export async function removeCustomDomain(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
): Promise<ServiceReply> {
  return mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    if ((await lockService(tx, id)) === undefined)
      throw problems.NOT_FOUND({ detail: 'Status page not found' })
    const before = await lockPageDomain(tx, id)
    await deletePageDomain(tx, id)
    const detail = { domain: before?.domain ?? null }
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.remove_domain', resourceId: id, detail, at: now },
    }
  })
}

/** An alias leads to a name, so the instance needs one. */
function assertReachable(host: string): void {
  if (isIP(host.replaceAll(/^\[|\]$/g, '')) === 0 && host !== 'localhost') return
  throw problems.INVALID_CONFIG({
    detail:
      'This instance has no name that a domain could point to: its operator has to set GATEHOUSE_PUBLIC_URL to a URL with a host name',
  })
}

export function domainTaken(): Error {
  return problems.CONFLICT({ fields: [{ field: 'domain', message: 'is in use by another status page' }] })
}

function refuse(message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field: 'domain', message }] })
}
