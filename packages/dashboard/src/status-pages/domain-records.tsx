import type { Service } from '@gatehouse/sdk'
import { CopyField } from '../parts/copy-field.tsx'
import { pageDomainWords as says } from '../words/page-domain-words.ts'

type DnsRecord = NonNullable<Service['customDomainValidation']>['records'][number]

/** The DNS records to set, each with what was found of it. */
export function DomainRecords({ records }: { readonly records: readonly DnsRecord[] }) {
  return (
    <>
      <p class="small">{says.records}</p>
      <ul class="list domain-records">
        {records.map(({ type, name, value, found }) => (
          <li key={type}>
            <div class="grow">
              <h3>{says.record[type]}</h3>
              <dl class="snippets">
                <div>
                  <dt>{says.recordName}</dt>
                  <dd>
                    <CopyField text={name} name={says.copyName(type)} />
                  </dd>
                </div>
                <div>
                  <dt>{says.recordValue}</dt>
                  <dd>
                    <CopyField text={value} name={says.copyValue(type)} />
                  </dd>
                </div>
              </dl>
              {found === null ? null : <Found type={type} found={found} />}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Found({
  type,
  found: { outcome, values },
}: {
  readonly type: DnsRecord['type']
  readonly found: NonNullable<DnsRecord['found']>
}) {
  if (outcome === 'found') return <p class="small muted">{says.found}</p>
  if (outcome !== 'other')
    return <p class="small complaint">{outcome === 'missing' ? says.missing[type] : says.unanswered}</p>
  return (
    <div class="small complaint">
      {says.other}
      <ul>
        {values.map((text, index) => (
          <li key={index}>
            <code>{text}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
