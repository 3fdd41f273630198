import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Door, DoorNotice } from '../door.tsx'
import { Field } from '../parts/field.tsx'
import { anonymous } from '../session.ts'
import { toText } from '../to-text.ts'
import { doorWords } from '../words/door-words.ts'

const says = doorWords.forgot

export function ForgotPasswordPage() {
  const [sentTo, setSentTo] = useState<string>()
  const back = (
    <p class="center small">
      <a href={at('/login')}>{doorWords.backToSignIn}</a>
    </p>
  )
  if (sentTo !== undefined)
    return (
      <DoorNotice title={says.sent} text={says.sentText(sentTo)}>
        <p class="muted">{says.again}</p>
        <button type="button" class="wide" onClick={() => setSentTo(undefined)}>
          {says.sendAgain}
        </button>
        {back}
      </DoorNotice>
    )
  const send = async (fields: FormData): Promise<void> => {
    const email = toText(fields, 'email')
    await anonymous.platform.forgotPassword(email)
    setSentTo(email)
  }
  return (
    <Door title={says.title} text={says.text} submit={says.submit} onSubmit={send} after={back}>
      <Field label={doorWords.field.email} name="email" type="email" autoComplete="username" />
    </Door>
  )
}
