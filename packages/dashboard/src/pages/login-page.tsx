import { GatehouseProblem, type MfaProof, type MfaRequired } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { Door } from '../door.tsx'
import { Field } from '../parts.tsx'
import { usePasskeyFor } from '../passkey.ts'
import { finishSignIn, passkeyOfSignIn, signIn } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'

export function LoginPage() {
  const [second, setSecond] = useState<MfaRequired>()
  if (second !== undefined) return <SecondStep required={second} />
  const enter = (fields: FormData): Promise<void> =>
    refusing(words.login.refused, async () =>
      setSecond(await signIn(toText(fields, 'email'), toText(fields, 'password'))),
    )
  return (
    <Door title={words.login.title} text={words.login.text} submit={words.login.submit} onSubmit={enter}>
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
      <Field label={words.field.password} name="password" type="password" autoComplete="current-password" />
    </Door>
  )
}

function SecondStep({ required: { mfaToken, methods } }: { readonly required: MfaRequired }) {
  const [isPasskey, setIsPasskey] = useState(!methods.includes('totp') && methods.includes('passkey'))
  const finish = (fields: FormData): Promise<void> =>
    refusing(words.login.secondRefused, async () =>
      finishSignIn(
        mfaToken,
        isPasskey
          ? { passkey: await usePasskeyFor(await passkeyOfSignIn(mfaToken)) }
          : toProof(toText(fields, 'code')),
      ),
    )
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

/** Codes of an app are six digits; recovery codes are not. */
function toProof(text: string): MfaProof {
  const code = text.replaceAll(/\s/g, '')
  return /^\d{6}$/.test(code) ? { code } : { recoveryCode: code }
}

async function refusing(sentence: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof GatehouseProblem && error.code === 'UNAUTHORIZED')
      throw new GatehouseProblem(error.code, error.status, sentence)
    throw error
  }
}
