import { useMutation } from '@tanstack/react-query'
import { NewPassword, toNewPassword } from '../new-password.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse, leave } from '../session.ts'
import { toText } from '../to-text.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const says = accountWords.password

export function PasswordSection({ email }: { readonly email: string }) {
  const change = useMutation({
    mutationFn: async (fields: FormData) =>
      gatehouse.platform.account.changePassword(toText(fields, 'currentPassword'), toNewPassword(fields)),
    onSuccess: () => leave(says.done),
    gcTime: 0,
  })
  return (
    <SettingsSection id="password" title={says.title} text={says.text}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate(new FormData(event.currentTarget))
        }}
      >
        {/* Tells a password manager whose password this is. */}
        <input type="email" name="username" autoComplete="username" value={email} hidden readOnly />
        <Field label={says.current} name="currentPassword" type="password" autoComplete="current-password" />
        <NewPassword />
        <Complaint error={change.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={change.isPending}>
            {says.submit}
          </button>
        </div>
      </form>
    </SettingsSection>
  )
}
