import type { MfaRequired } from '@gatehouse/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Door, DoorNotice } from '../door.tsx'
import { Field } from '../parts/field.tsx'
import { saying } from '../refusal.ts'
import { SecondStep } from '../second-step.tsx'
import { join, usePerson } from '../session.ts'
import { toText } from '../to-text.ts'
import { doorWords } from '../words/door-words.ts'

const says = doorWords.invite
const refusals = {
  EXPIRED_TOKEN: says.spent,
  UNAUTHORIZED: says.refused,
  ALREADY_MEMBER: says.member,
  REGISTRATION_CLOSED: doorWords.register.closedText,
}

/** Accepts an invitation, for new and existing users, signed in or not: the password is always asked for. */
export function InvitationPage() {
  const { query, route } = useLocation()
  const queries = useQueryClient()
  const person = usePerson()
  const [isKnown, setIsKnown] = useState(person !== undefined)
  const [second, setSecond] = useState<MfaRequired>()
  const { token } = query
  const enter = (): void => {
    // Discards cached data of the previous organisation.
    queries.clear()
    route(at('/uptime/monitors'), true)
  }
  if (second !== undefined) return <SecondStep required={second} onDone={enter} />
  if (token === undefined)
    return (
      <DoorNotice title={says.title} text={doorWords.noLink}>
        <a class="button wide" href={at('/login')}>
          {person === undefined ? doorWords.backToSignIn : doorWords.toDashboard}
        </a>
      </DoorNotice>
    )
  const accept = (fields: FormData): Promise<void> =>
    saying(refusals, async () => {
      const owed = await join({
        token,
        email: toText(fields, 'email'),
        password: toText(fields, 'password'),
        ...(isKnown ? {} : { name: toText(fields, 'name') }),
      })
      setSecond(owed)
      if (owed === undefined) enter()
    })
  return (
    <Door
      title={says.title}
      text={isKnown ? says.textKnown : says.text}
      submit={isKnown ? says.submitKnown : says.submit}
      onSubmit={accept}
      after={
        <button type="button" class="quiet" onClick={() => setIsKnown(!isKnown)}>
          {isKnown ? says.iAmNew : says.iHaveOne}
        </button>
      }
    >
      {person === undefined ? null : <p class="small muted">{says.asPerson(person.shownEmail)}</p>}
      {isKnown ? null : <Field label={doorWords.field.name} name="name" autoComplete="name" />}
      <Field
        key={isKnown}
        label={doorWords.field.email}
        name="email"
        type="email"
        autoComplete="username"
        {...(isKnown && person !== undefined ? { value: person.email } : {})}
      />
      <Field
        label={doorWords.field.password}
        name="password"
        type="password"
        autoComplete={isKnown ? 'current-password' : 'new-password'}
        {...(isKnown ? {} : { hint: doorWords.passwordHint })}
      />
    </Door>
  )
}
