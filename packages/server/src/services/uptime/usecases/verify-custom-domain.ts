import { mutate } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import type { Principal } from '@gatehouse/kernel/principal'
import type { ServiceReply } from '../contract/service-shapes.ts'
import type { UptimeDeps } from '../deps.ts'
import { judgeAsked } from '../domain/custom-domain.ts'
import { problems } from '../problems.ts'
import {
  isDomainTaken,
  listPageDomains,
  lockPageDomain,
  setDomainFinding,
  setDomainStatus,
} from '../store/domain-store.ts'
import { readService } from './list-services.ts'
import { lookAtDomain } from './look-at-domain.ts'
import { assertCustomDomains } from './plan-limits.ts'
import { domainTaken } from './set-custom-domain.ts'

/** Looks for the records of a page's domain now: with both it is active, else failed. */
export async function verifyCustomDomain(
  deps: UptimeDeps,
  principal: Principal,
  id: string,
): Promise<ServiceReply> {
  const asked = await within(deps, principal, async (tx) => {
    // A page that does not exist is refused before it is said that it has no domain.
    await readService(deps, tx, id)
    return (await listPageDomains(tx, id)).get(id)
  })
  if (asked === undefined) throw withoutDomain()
  const finding = await lookAtDomain(deps, principal.orgId, asked)
  const verified = mutate(deps, principal, async (tx) => {
    const now = deps.clock.now()
    await assertCustomDomains(deps, tx)
    const held = await lockPageDomain(tx, id)
    // Somebody has changed the domain meanwhile, and the finding is of another.
    if (held?.token !== asked.token) throw withoutDomain()
    const { status, badDays } = judgeAsked(held, finding)
    await setDomainFinding(tx, id, { finding, badDays, checkedAtMs: now })
    await setDomainStatus(tx, id, status)
    const detail = {
      domain: held.domain,
      status,
      cname: finding.alias.outcome,
      txt: finding.text.outcome,
    }
    return {
      result: await readService(deps, tx, id),
      entry: { action: 'status_page.verify_domain', resourceId: id, detail, at: now },
    }
  })
  return verified.catch((error: unknown) => {
    throw isDomainTaken(error) ? domainTaken() : error
  })
}

function withoutDomain(): Error {
  return problems.NOT_FOUND({ detail: 'This status page has no such domain' })
}
