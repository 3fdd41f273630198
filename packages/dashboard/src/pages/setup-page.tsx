import { useLocation } from 'preact-iso'
import { Door } from '../door.tsx'
import { Field } from '../parts/field.tsx'
import { setUp } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'

export function SetupPage() {
  const { token } = useLocation().query
  if (token === undefined)
    return (
      <main class="door">
        <p class="card">{words.setup.noToken}</p>
      </main>
    )
  return (
    <Door
      title={words.setup.title}
      text={words.setup.text}
      submit={words.setup.submit}
      onSubmit={(fields) =>
        setUp({
          token,
          name: toText(fields, 'name'),
          orgName: toText(fields, 'orgName'),
          email: toText(fields, 'email'),
          password: toText(fields, 'password'),
        })
      }
    >
      <Field label={words.field.name} name="name" autoComplete="name" />
      <Field label={words.field.orgName} name="orgName" autoComplete="organization" />
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
      <Field
        label={words.field.password}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={words.setup.passwordHint}
      />
    </Door>
  )
}
