import { Door } from './door.tsx'
import { inInstance } from './at.ts'
import { Field } from './parts/field.tsx'
import { toText } from './to-text.ts'
import { words } from './words.ts'
import { signOnWords } from './words/sign-on-words.ts'

/** Leads to the identity provider of the organisation, which the server finds by the e-mail address's domain. */
export function OrganisationDoor({ onLeave }: { readonly onLeave: () => void }) {
  const go = async (fields: FormData): Promise<void> => {
    const query = new URLSearchParams({ email: toText(fields, 'email') })
    location.assign(`${inInstance('/auth/sso/start')}?${query.toString()}`)
  }
  return (
    <Door
      title={signOnWords.title}
      text={signOnWords.text}
      submit={signOnWords.submit}
      onSubmit={go}
      after={
        <button type="button" class="quiet wide" onClick={onLeave}>
          {signOnWords.usePassword}
        </button>
      }
    >
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
    </Door>
  )
}
