import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Door, DoorNotice } from '../door.tsx'
import { Field } from '../parts/field.tsx'
import { isRefusal } from '../refusal.ts'
import { anonymous } from '../session.ts'
import { toText } from '../to-text.ts'
import { doorWords } from '../words/door-words.ts'

const says = doorWords.register

export function RegisterPage() {
  const [sentTo, setSentTo] = useState<string>()
  const [isClosed, setIsClosed] = useState(false)
  const back = (
    <p class="center small">
      <a href={at('/login')}>{doorWords.backToSignIn}</a>
    </p>
  )
  if (isClosed)
    return (
      <DoorNotice title={says.closed} text={says.closedText}>
        {back}
      </DoorNotice>
    )
  if (sentTo !== undefined)
    return (
      <DoorNotice title={says.sent} text={says.sentText(sentTo)}>
        {back}
      </DoorNotice>
    )
  const register = async (fields: FormData): Promise<void> => {
    const email = toText(fields, 'email')
    const orgName = toText(fields, 'orgName').trim()
    try {
      await anonymous.platform.register({
        email,
        password: toText(fields, 'password'),
        name: toText(fields, 'name'),
        ...(orgName === '' ? {} : { orgName }),
      })
      setSentTo(email)
    } catch (error) {
      if (!isRefusal(error, 'REGISTRATION_CLOSED')) throw error
      setIsClosed(true)
    }
  }
  return (
    <Door title={says.title} text={says.text} submit={says.submit} onSubmit={register} after={back}>
      <Field label={doorWords.field.name} name="name" autoComplete="name" />
      <Field label={doorWords.field.email} name="email" type="email" autoComplete="username" />
      <Field
        label={doorWords.field.password}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={doorWords.passwordHint}
      />
      <Field
        label={doorWords.field.orgName}
        name="orgName"
        autoComplete="organization"
        hint={doorWords.orgHint}
        isOptional
      />
    </Door>
  )
}
