import type { UptimeDeps } from '../deps.ts'
import { type DomainFinding, judgeRecords, toDomainRecords } from '../domain/custom-domain.ts'
import type { PageDomain } from '../store/domain-store.ts'

/** Asks the name servers for both records of a domain, in at most three seconds. */
export async function lookAtDomain(
  { egress, publicUrl }: Pick<UptimeDeps, 'egress' | 'publicUrl'>,
  orgId: string,
  domain: Pick<PageDomain, 'domain' | 'token'>,
): Promise<DomainFinding> {
  const records = toDomainRecords(domain, toInstanceHost(publicUrl()))
  const own = egress.forOrg(orgId)
  const [aliases, texts] = await Promise.all([
    own.lookUpAliases(records.alias.name, records.alias.value),
    own.lookUpTexts(records.text.name),
  ])
  return judgeRecords(records, {
    aliases: aliases.kind === 'answered' ? aliases.names : undefined,
    texts: texts.kind === 'answered' ? texts.texts : undefined,
  })
}

/** The host of the public URL, to which domains point. */
export function toInstanceHost(publicUrl: string): string {
  return new URL(publicUrl).hostname.replace(/\.$/, '')
}
