import { useMutation } from '@tanstack/react-query'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const says = accountWords.email

export function EmailSection() {
  const change = useMutation({
    mutationFn: async (fields: FormData) => {
      const address = toText(fields, 'newEmail')
      await gatehouse.platform.account.changeEmail(address, toText(fields, 'password'))
      return address
    },
    gcTime: 0,
  })
  const submit = (form: HTMLFormElement): void =>
    change.mutate(new FormData(form), { onSuccess: () => form.reset() })
  return (
    <SettingsSection id="email" title={says.title} text={says.text}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          submit(event.currentTarget)
        }}
      >
        <Field label={says.next} name="newEmail" type="email" autoComplete="email" />
        <Field label={says.password} name="password" type="password" autoComplete="current-password" />
        <Complaint error={change.error} />
        {change.data === undefined ? null : (
          <p class="success" role="status">
            {says.sent(change.data)}
          </p>
        )}
        <div class="actions">
          <button type="submit" class="primary" disabled={change.isPending}>
            {says.submit}
          </button>
        </div>
      </form>
    </SettingsSection>
  )
}
