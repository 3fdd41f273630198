import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Door, DoorNotice } from '../door.tsx'
import { NewPassword, toNewPassword } from '../new-password.tsx'
import { isRefusal, saying } from '../refusal.ts'
import { anonymous } from '../session.ts'
import { doorWords } from '../words/door-words.ts'

const says = doorWords.reset

/** Opening the link changes nothing: the token is sent with the new password. */
export function ResetPasswordPage() {
  const { token } = useLocation().query
  const [state, setState] = useState<'open' | 'done' | 'spent'>('open')
  const again = (
    <p class="center small">
      <a href={at('/forgot-password')}>{says.again}</a>
    </p>
  )
  if (token === undefined)
    return (
      <DoorNotice title={says.title} text={doorWords.noLink}>
        {again}
      </DoorNotice>
    )
  if (state === 'done')
    return (
      <DoorNotice title={says.done} text={says.doneText}>
        <a class="button primary wide" href={at('/login')}>
          {doorWords.backToSignIn}
        </a>
      </DoorNotice>
    )
  const set = async (fields: FormData): Promise<void> => {
    try {
      const password = toNewPassword(fields)
      await saying({ EXPIRED_TOKEN: says.spent }, () => anonymous.platform.resetPassword(token, password))
      setState('done')
    } catch (error) {
      if (isRefusal(error, 'EXPIRED_TOKEN')) setState('spent')
      throw error
    }
  }
  return (
    <Door
      title={says.title}
      text={says.text}
      submit={says.submit}
      onSubmit={set}
      after={state === 'spent' ? again : null}
    >
      <NewPassword />
    </Door>
  )
}
