import { codecs, column } from '@gatehouse/kernel/db'
import type { DomainFinding, DomainStatus } from '../domain/custom-domain.ts'

const { text, whole, instant, instantOrNull } = codecs

/** Row types, statements and the organisation's export are derived from these columns. */
export const domainColumns = {
  serviceId: column('service_id', text),
  domain: column('domain', text),
  /** What the TXT record has to hold; it is public there. */
  token: column('token', text),
  status: column('status', codecs.oneOf<DomainStatus>()),
  finding: column('finding', codecs.json<DomainFinding | null>()),
  checkedAtMs: column('checked_at', instantOrNull),
  badDays: column('bad_days', whole),
  createdAtMs: column('created_at', instant),
}
