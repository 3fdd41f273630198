import { AccountTabs } from '../account/account-tabs.tsx'
import { DataSection } from '../account/data-section.tsx'
import { DeletionSection } from '../account/deletion-section.tsx'
import { EmailSection } from '../account/email-section.tsx'
import { PasswordSection } from '../account/password-section.tsx'
import { PreferencesSection } from '../account/preferences-section.tsx'
import { ProfileSection } from '../account/profile-section.tsx'
import { SessionsSection } from '../account/sessions-section.tsx'
import { Found, Heading } from '../parts.tsx'
import { usePerson } from '../session.ts'
import { useMe } from '../use-me.ts'
import { accountWords } from '../words/account-words.ts'

export function AccountPage() {
  const query = useMe()
  // A change of the zone updates the times on this page.
  const person = usePerson()
  return (
    <>
      <Heading title={accountWords.title} text={accountWords.text} />
      <AccountTabs />
      <Found query={query}>
        {({ user }) => (
          <>
            <ProfileSection user={user} />
            {person === undefined ? null : <PreferencesSection person={person} />}
            <PasswordSection email={user.email} />
            <EmailSection />
            <SessionsSection />
            <DataSection />
            <DeletionSection scheduledAt={user.deletionScheduledAt} />
          </>
        )}
      </Found>
    </>
  )
}
