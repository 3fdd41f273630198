import type { MfaRequired } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { ConnectDoor } from '../connect-door.tsx'
import { Door } from '../door.tsx'
import { OrganisationDoor } from '../organisation-door.tsx'
import { Field } from '../parts/field.tsx'
import { saying } from '../refusal.ts'
import { SecondStep } from '../second-step.tsx'
import { signIn, takeFarewell } from '../session.ts'
import { takeArrival } from '../take-arrival.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { doorWords } from '../words/door-words.ts'
import { signOnWords } from '../words/sign-on-words.ts'

export function LoginPage() {
  const [farewell] = useState(takeFarewell)
  const [arrival] = useState(takeArrival)
  const [second, setSecond] = useState<MfaRequired | undefined>(arrival?.second)
  const [isOrganisation, setIsOrganisation] = useState(false)
  if (second !== undefined) return <SecondStep required={second} />
  if (arrival?.connect !== undefined) return <ConnectDoor connect={arrival.connect} onSecond={setSecond} />
  if (isOrganisation) return <OrganisationDoor onLeave={() => setIsOrganisation(false)} />
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
        <>
          <a
            class="button wide"
            href="#organisation"
            onClick={(event) => {
              event.preventDefault()
              setIsOrganisation(true)
            }}
          >
            {signOnWords.choose}
          </a>
          <p class="center small">
            <a href={at('/forgot-password')}>{doorWords.forgotLink}</a>
          </p>
        </>
      }
    >
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
      <Field label={words.field.password} name="password" type="password" autoComplete="current-password" />
    </Door>
  )
}
