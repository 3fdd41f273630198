import type { Me } from '@gatehouse/sdk'
import { Facts } from '../facts.tsx'
import { SendVerification } from '../send-verification.tsx'
import { toDate } from '../to-date.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const says = accountWords.profile

export function ProfileSection({ user }: Pick<Me, 'user'>) {
  const { name, shownEmail, emailVerifiedAt, createdAt } = user
  const isVerified = emailVerifiedAt !== null
  return (
    <SettingsSection id="profile" title={says.title}>
      <Facts
        facts={[
          [says.name, name],
          [
            says.email,
            <span class="state">
              {shownEmail}
              <span class={isVerified ? 'tag good' : 'tag warn'}>
                {isVerified ? says.verified : says.unverified}
              </span>
            </span>,
          ],
          [says.member, toDate(createdAt)],
        ]}
      />
      {isVerified ? null : (
        <div class="stack">
          <p class="muted small">{says.unverifiedText}</p>
          <SendVerification label={says.verify} />
        </div>
      )}
    </SettingsSection>
  )
}
