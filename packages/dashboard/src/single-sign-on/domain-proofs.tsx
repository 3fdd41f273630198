import type { SingleSignOn, SingleSignOnCheck } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Ago, Complaint } from '../parts.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { gatehouse } from '../session.ts'
import { signOnWords } from '../words/sign-on-words.ts'
import { StatusMark } from '../parts/status-mark.tsx'

const says = signOnWords.settings

type Domain = NonNullable<SingleSignOn['data']>['domains'][number]

/** The DNS records to set, and those that were found. */
export function DomainProofs({ domains }: { readonly domains: readonly Domain[] }) {
  const queries = useQueryClient()
  const check = useMutation({
    mutationFn: () => gatehouse.platform.teams.singleSignOn.check(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['single-sign-on'] }),
  })
  const checked = check.data?.domains ?? []
  return (
    <Section title={says.proof} text={says.proofText}>
      <ul class="list">
        {domains.map((domain) => (
          <li key={domain.domain} class="proof">
            <div class="grow">
              <h2>{domain.shownDomain}</h2>
              <p class="small">
                <CopyField text={domain.record.name} />
              </p>
              <p class="small">
                <CopyField text={domain.record.value} />
              </p>
            </div>
            <State domain={domain} outcome={checked.find((one) => one.domain === domain.domain)?.outcome} />
          </li>
        ))}
      </ul>
      <Complaint error={check.error} />
      {check.data === undefined ? null : <Answer check={check.data} />}
      <div class="actions">
        <button type="button" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? says.checking : says.check}
        </button>
      </div>
    </Section>
  )
}

type Outcome = SingleSignOnCheck['domains'][number]['outcome']

function State({ domain, outcome }: { readonly domain: Domain; readonly outcome: Outcome | undefined }) {
  const isProven = domain.provenAt !== null
  const known = outcome ?? (domain.missingSince === null ? 'proven' : 'missing')
  const said = known === 'proven' ? undefined : says.outcomes[known]
  return (
    <div class="state">
      <StatusMark tone={isProven ? 'ok' : 'unknown'} text={isProven ? says.isProven : says.isUnproven} />
      <small class="muted">
        {said ?? (domain.checkedAt === null ? null : <Ago at={domain.checkedAt} />)}
      </small>
    </div>
  )
}

function Answer({ check: { issuerFault } }: { readonly check: SingleSignOnCheck }) {
  return issuerFault === null ? (
    <p class="muted small" role="status">
      {says.serverFine}
    </p>
  ) : (
    <p class="complaint" role="alert">
      {says.faults[issuerFault]}
    </p>
  )
}
