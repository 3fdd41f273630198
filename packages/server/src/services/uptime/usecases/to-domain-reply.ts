import { showHost } from '@gatehouse/kernel/endpoint'
import { toTimeOrNull } from '../../../service/shapes.ts'
import type { ServiceReply } from '../contract/service-shapes.ts'
import { type RecordFinding, toDomainRecords } from '../domain/custom-domain.ts'
import type { PageDomain } from '../store/domain-store.ts'

type DomainReply = Pick<ServiceReply, 'customDomain' | 'customDomainStatus' | 'customDomainValidation'>

/** A page's domain on the wire, with the records that lead it to this host. */
export function toDomainReply(domain: PageDomain | undefined, host: string): DomainReply {
  if (domain === undefined)
    return { customDomain: null, customDomainStatus: null, customDomainValidation: null }
  const { alias, text } = toDomainRecords(domain, host)
  return {
    customDomain: domain.domain,
    customDomainStatus: domain.status,
    customDomainValidation: {
      shownDomain: showHost(domain.domain),
      records: [
        { type: 'CNAME', ...alias, found: toFound(domain.finding?.alias) },
        { type: 'TXT', ...text, found: toFound(domain.finding?.text) },
      ],
      checkedAt: toTimeOrNull(domain.checkedAtMs),
      badDays: domain.badDays,
    },
  }
}

function toFound(finding: RecordFinding | undefined) {
  return finding === undefined ? null : { outcome: finding.outcome, values: [...finding.values] }
}
