import { AccountTabs } from '../account/account-tabs.tsx'
import { DataSection } from '../account/data-section.tsx'
import { DeletionSection } from '../account/deletion-section.tsx'
import { EmailSection } from '../account/email-section.tsx'
import { PasswordSection } from '../account/password-section.tsx'
import { ProfileSection } from '../account/profile-section.tsx'
import { SessionsSection } from '../account/sessions-section.tsx'
import { Found, Heading } from '../parts.tsx'
import { useMe } from '../use-me.ts'
import { accountWords } from '../words/account-words.ts'

export function AccountPage() {
  const query = useMe()
  return (
    <>
      <Heading title={accountWords.title} text={accountWords.text} />
      <AccountTabs />
      <Found query={query}>
        {({ user }) => (
          <>
            <ProfileSection user={user} />
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
