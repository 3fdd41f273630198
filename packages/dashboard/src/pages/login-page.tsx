import { GatehouseProblem } from '@gatehouse/sdk'
import { Door } from '../door.tsx'
import { Field } from '../parts.tsx'
import { signIn } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'

export function LoginPage() {
  return (
    <Door title={words.login.title} text={words.login.text} submit={words.login.submit} onSubmit={enter}>
      <Field label={words.field.email} name="email" type="email" autoComplete="username" />
      <Field label={words.field.password} name="password" type="password" autoComplete="current-password" />
    </Door>
  )
}

async function enter(fields: FormData): Promise<void> {
  try {
    await signIn(toText(fields, 'email'), toText(fields, 'password'))
  } catch (error) {
    if (error instanceof GatehouseProblem && error.code === 'UNAUTHORIZED')
      throw new GatehouseProblem(error.code, error.status, words.login.refused)
    throw error
  }
}
