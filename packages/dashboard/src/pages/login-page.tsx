import type { MfaRequired } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { Door } from '../door.tsx'
import { Field } from '../parts.tsx'
import { saying } from '../refusal.ts'
import { SecondStep } from '../second-step.tsx'
import { signIn, takeFarewell } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { doorWords } from '../words/door-words.ts'

export function LoginPage() {
  const [farewell] = useState(takeFarewell)
  const [second, setSecond] = useState<MfaRequired>()
  if (second !== undefined) return <SecondStep required={second} />
  const enter = (fields: FormData): Promise<void> =>
    saying({ UNAUTHORIZED: words.login.refused }, async () =>
      setSecond(await signIn(toText(fields, 'email'), toText(fields, 'password'))),
    )
  return (
    <Door
      title={words.login.title}
      text={farewell ?? words.login.text}
      submit={words.login.submit}
      onSubmit={enter}
      after={
        <p class="center small">
          <a href="/forgot-password">{doorWords.forgotLink}</a>
        </p>
      }
    >
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
      <Field label={words.field.password} name="password" type="password" autoComplete="current-password" />
    </Door>
  )
}
