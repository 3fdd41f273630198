import {
  type Acceptance,
  Gatehouse,
  GatehouseProblem,
  type MfaProof,
  type MfaRequired,
  type SignedIn,
  type TokenPair,
} from '@gatehouse/sdk'
import { useEffect, useState } from 'preact/hooks'
import { forgetSudo, proveAnew, sudoToken } from './sudo.ts'

export type Person = SignedIn['user']
type Session = { readonly person: Person; readonly tokens: TokenPair }

// The access token stays in memory: nothing that a script of another page or a stolen disk could read.
let session: Session | undefined
let farewell: string | undefined
const listeners = new Set<() => void>()
let refreshing: Promise<boolean> | undefined

// Elsewhere than over TLS or on localhost a browser drops the cookie, and the refresh token has to stay in memory too.
const door: Readonly<Record<string, string>> = isSecureContext ? { 'x-gatehouse-session': 'cookie' } : {}

/** Says that there may be a cookie to go on with; not a secret. Without it a visit costs no refresh. */
const marker = 'gatehouse-signed-in'

/** Calls of someone whom a link proves, or nothing yet. */
export const anonymous = new Gatehouse({
  baseUrl: location.origin,
  fetch: (input, init) => fetch(input, withHeaders(init, door)),
})

/** Every call of the signed-in person; a dead access token is renewed once, for all calls that met it. */
export const gatehouse = new Gatehouse({
  baseUrl: location.origin,
  accessToken: () => session?.tokens.accessToken,
  fetch: async (input, init) => {
    const used = session?.tokens.accessToken
    const response = await fetch(input, withHeaders(init, proof()))
    if (response.status === 403 && (await isSudoRequired(response))) {
      if (!(await proveAnew())) return response
      return fetch(input, withHeaders(init, proof()))
    }
    if (response.status !== 401 || used === undefined) return response
    const renewed = session?.tokens.accessToken === used ? await renew() : session !== undefined
    if (!renewed || session === undefined) return response
    return fetch(
      input,
      withHeaders(init, { ...proof(), authorization: `Bearer ${session.tokens.accessToken}` }),
    )
  },
})

/** Undefined when the person is in; otherwise what the second step needs. */
export async function signIn(email: string, password: string): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.logIn({ email, password })
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

export async function finishSignIn(mfaToken: string, given: MfaProof): Promise<void> {
  begin(await anonymous.platform.mfa.verify(mfaToken, given))
}

/** What the browser needs to use a passkey in the second step. */
export function passkeyOfSignIn(mfaToken: string): Promise<object> {
  return anonymous.platform.mfa.options(mfaToken).then(({ passkey }) => passkey)
}

/** Undefined when the person is in; otherwise what the second step needs. */
export async function join(acceptance: Acceptance): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.acceptInvitation(acceptance)
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

export async function setUp(owner: Parameters<typeof anonymous.platform.setUp>[0]): Promise<void> {
  begin(await anonymous.platform.setUp(owner))
}

/** Goes on with the session whose cookie this browser keeps, if there is one. */
export async function resume(): Promise<void> {
  if (localStorage.getItem(marker) === null) return
  try {
    const tokens = await anonymous.platform.refresh()
    const known = new Gatehouse({ baseUrl: location.origin, accessToken: tokens.accessToken })
    const { user, teamId, role } = await known.platform.me()
    become({ person: { ...user, teamId, role }, tokens })
  } catch (error) {
    if (error instanceof GatehouseProblem && error.status === 401) localStorage.removeItem(marker)
  }
}

/** Lets the person act in another of their organisations. */
export async function switchTeam(id: string): Promise<void> {
  const { data, accessToken } = await gatehouse.platform.teams.switchTo(id)
  if (session === undefined) return
  const { person, tokens } = session
  become({ person: { ...person, teamId: data.id, role: data.role }, tokens: { ...tokens, accessToken } })
}

export async function signOut(): Promise<void> {
  try {
    await gatehouse.platform.logOut()
  } finally {
    become(undefined)
  }
}

/** For a session that the server has ended; `said` is why, for the page that is shown next. */
export function leave(said: string): void {
  farewell = said
  become(undefined)
}

/** Why the last session ended, when the person should know; once. */
export function takeFarewell(): string | undefined {
  const said = farewell
  farewell = undefined
  return said
}

export function usePerson(): Person | undefined {
  const [person, setPerson] = useState(session?.person)
  useEffect(() => {
    const tell = (): void => setPerson(session?.person)
    listeners.add(tell)
    tell()
    return () => void listeners.delete(tell)
  }, [])
  return person
}

function begin({ user, ...tokens }: SignedIn): void {
  become({ person: user, tokens })
}

function become(next: Session | undefined): void {
  if (next?.person.id !== session?.person.id) forgetSudo()
  session = next
  if (next === undefined) localStorage.removeItem(marker)
  else if (next.tokens.refreshToken === undefined) localStorage.setItem(marker, 'yes')
  for (const tell of listeners) tell()
}

function renew(): Promise<boolean> {
  refreshing ??= exchange().finally(() => (refreshing = undefined))
  return refreshing
}

async function exchange(): Promise<boolean> {
  if (session === undefined) return false
  const { person, tokens } = session
  try {
    become({ person, tokens: await anonymous.platform.refresh(tokens.refreshToken) })
    return true
  } catch (error) {
    // Only a refusal ends the session; an outage leaves it for the next attempt.
    if (error instanceof GatehouseProblem && error.status === 401) become(undefined)
    return false
  }
}

function proof(): Readonly<Record<string, string>> {
  const token = sudoToken()
  return token === undefined ? {} : { 'x-sudo-token': token }
}

async function isSudoRequired(response: Response): Promise<boolean> {
  return (await response.clone().text()).includes('"SUDO_REQUIRED"')
}

function withHeaders(init: RequestInit | undefined, more: Readonly<Record<string, string>>): RequestInit {
  const headers = new Headers(init?.headers)
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  return { ...init, headers }
}
