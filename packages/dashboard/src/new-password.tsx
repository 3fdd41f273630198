import { Field } from './parts/field.tsx'
import { Refusal } from './refusal.ts'
import { toText } from './to-text.ts'
import { doorWords } from './words/door-words.ts'

/** A new password, typed twice because it is not shown. */
export function NewPassword({ label = doorWords.field.newPassword }: { readonly label?: string }) {
  return (
    <>
      <Field
        label={label}
        name="newPassword"
        type="password"
        autoComplete="new-password"
        hint={doorWords.passwordHint}
      />
      <Field label={doorWords.field.repeat} name="repeat" type="password" autoComplete="new-password" />
    </>
  )
}

/** Throws if the two entries differ. */
export function toNewPassword(fields: FormData): string {
  const password = toText(fields, 'newPassword')
  if (password !== toText(fields, 'repeat')) throw new Refusal(doorWords.notTheSame)
  return password
}
