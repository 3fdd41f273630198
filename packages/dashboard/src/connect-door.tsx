import type { MfaRequired } from '@gatehouse/sdk'
import { at } from './at.ts'
import { Door } from './door.tsx'
import { Field } from './parts/field.tsx'
import { saying } from './refusal.ts'
import { connectAccount } from './session.ts'
import type { Connecting } from './take-arrival.ts'
import { toText } from './to-text.ts'
import { words } from './words.ts'
import { signOnWords } from './words/sign-on-words.ts'

const says = signOnWords.connect

/**
 * For a user whose address had an account before their identity provider's log-in: they link the account with its
 * password.
 */
export function ConnectDoor({
  connect: { linkToken, email },
  onSecond,
}: {
  readonly connect: Connecting
  readonly onSecond: (required: MfaRequired | undefined) => void
}) {
  const connect = (fields: FormData): Promise<void> =>
    saying({ UNAUTHORIZED: says.refused }, async () =>
      onSecond(await connectAccount(linkToken, toText(fields, 'password'))),
    )
  return (
    <Door
      title={says.title}
      text={says.text(email)}
      submit={says.submit}
      onSubmit={connect}
      after={
        <p class="center small">
          <a href={at('/forgot-password')}>{says.noPassword}</a>
        </p>
      }
    >
      <Field label={words.field.password} name="password" type="password" autoComplete="current-password" />
    </Door>
  )
}
