import type { SingleSignOn } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Facts } from '../facts.tsx'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { DomainProofs } from '../single-sign-on/domain-proofs.tsx'
import { RemoveSignOn } from '../single-sign-on/remove-sign-on.tsx'
import { SignOnForm } from '../single-sign-on/sign-on-form.tsx'
import { signOnWords } from '../words/sign-on-words.ts'

const says = signOnWords.settings

export function SingleSignOnPage() {
  const person = usePerson()
  const isOwner = person?.role === 'owner'
  const query = useQuery({
    queryKey: ['single-sign-on'],
    queryFn: ({ signal }) => gatehouse.platform.teams.singleSignOn.get({ signal }),
    enabled: isOwner,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      {isOwner ? (
        <Found query={query}>{(found) => <Settings found={found} />}</Found>
      ) : (
        <EmptyState title={says.title} text={says.ownersOnly} />
      )}
    </>
  )
}

function Settings({ found }: { readonly found: SingleSignOn }) {
  const { data, redirectUri, backchannelLogoutUri } = found
  return (
    <div class="stack measured">
      <Section title={says.addresses} text={says.addressesText}>
        <Facts
          facts={[
            [says.redirectUri, <CopyField text={redirectUri} />],
            [says.logoutUri, <CopyField text={backchannelLogoutUri} />],
          ]}
        />
      </Section>
      <SignOnForm key={data?.updatedAt ?? ''} settings={data} />
      {data === null || data.domains.length === 0 ? null : <DomainProofs domains={data.domains} />}
      {data === null ? null : <RemoveSignOn />}
    </div>
  )
}
