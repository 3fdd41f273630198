import type { MfaProof, MfaRequired } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { Door } from './door.tsx'
import { Field } from './parts/field.tsx'
import { usePasskeyFor } from './passkey.ts'
import { saying } from './refusal.ts'
import { finishSignIn, passkeyOfSignIn } from './session.ts'
import { toText } from './to-text.ts'
import { words } from './words.ts'

/** The second factor of a log-in, after the password. */
export function SecondStep({
  required: { mfaToken, methods },
  onDone,
}: {
  readonly required: MfaRequired
  readonly onDone?: () => void
}) {
  const [isPasskey, setIsPasskey] = useState(!methods.includes('totp') && methods.includes('passkey'))
  const finish = (fields: FormData): Promise<void> =>
    saying({ UNAUTHORIZED: words.login.secondRefused }, async () => {
      await finishSignIn(
        mfaToken,
        isPasskey
          ? { passkey: await usePasskeyFor(await passkeyOfSignIn(mfaToken)) }
          : toProof(toText(fields, 'code')),
      )
      onDone?.()
    })
  return (
    <Door
      title={words.login.second}
      text={isPasskey ? words.login.usePasskeyText : words.login.secondText}
      submit={isPasskey ? words.login.usePasskey : words.login.submit}
      onSubmit={finish}
    >
      {isPasskey ? null : <Field label={words.login.code} name="code" autoComplete="one-time-code" />}
      {methods.includes('passkey') ? (
        <button type="button" class="quiet" onClick={() => setIsPasskey(!isPasskey)}>
          {isPasskey ? words.login.useCode : words.login.usePasskeyInstead}
        </button>
      ) : null}
    </Door>
  )
}

/** Authenticator app codes have six digits; recovery codes have another form. */
function toProof(text: string): MfaProof {
  const code = text.replaceAll(/\s/g, '')
  return /^\d{6}$/.test(code) ? { code } : { recoveryCode: code }
}
