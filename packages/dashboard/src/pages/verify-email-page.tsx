import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Door, DoorNotice } from '../door.tsx'
import { isRefusal } from '../refusal.ts'
import { SendVerification } from '../send-verification.tsx'
import { anonymous, usePerson } from '../session.ts'
import { doorWords } from '../words/door-words.ts'

const says = doorWords.verify

/** Opening the link proves nothing, because mail filters open links too; the button does. */
export function VerifyEmailPage() {
  const { token } = useLocation().query
  const person = usePerson()
  const [state, setState] = useState<'open' | 'done' | 'spent'>('open')
  const onward = (
    <a class="button wide" href={at(person === undefined ? '/login' : '/uptime/monitors')}>
      {person === undefined ? doorWords.backToSignIn : doorWords.toDashboard}
    </a>
  )
  if (state === 'done')
    return (
      <DoorNotice title={says.done} text={says.doneText}>
        {onward}
      </DoorNotice>
    )
  if (token === undefined || state === 'spent')
    return (
      <DoorNotice title={says.title} text={state === 'spent' ? says.spent : doorWords.noLink}>
        {person === undefined ? <p class="muted">{says.spentSignedOut}</p> : <SendVerification />}
        {onward}
      </DoorNotice>
    )
  const verify = async (): Promise<void> => {
    try {
      await anonymous.platform.verifyEmail(token)
      setState('done')
    } catch (error) {
      if (!isRefusal(error, 'EXPIRED_TOKEN')) throw error
      setState('spent')
    }
  }
  return <Door title={says.title} text={says.text} submit={says.submit} onSubmit={verify} />
}
