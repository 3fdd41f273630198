import {
  type Acceptance,
  Gatehouse,
  GatehouseProblem,
  type MfaProof,
  type MfaRequired,
  type PreferenceChange,
  type SignedIn,
  type TokenPair,
} from '@gatehouse/sdk'
import { useEffect, useState } from 'preact/hooks'
import { instanceUrl } from './at.ts'
import { askServer } from './outage.ts'
import { fetchNoted } from './reach.ts'
import { renewTokens, sessionHeaders } from './renew-tokens.ts'
import { keepLanguage } from './language.ts'
import { hasJustSignedOn } from './take-arrival.ts'
import { forgetSudo, proveAnew, sudoToken } from './sudo.ts'
import { keepTheme } from './theme.ts'
import { waitOut } from './wait-out.ts'
import { words } from './words.ts'
import { frameWords } from './words/frame-words.ts'
import { showInZone } from './zone.ts'

export type Person = SignedIn['user']
type Session = { readonly person: Person; readonly tokens: TokenPair }

// The access token is kept in memory only, so that other scripts or a stolen disk cannot read it.
let session: Session | undefined
let farewell: string | undefined = takeStored()
const listeners = new Set<() => void>()
let renewing: Promise<void> | undefined

/** Marks that this browser may have a session cookie; not a secret. Without it, no refresh is attempted on a visit. */
const marker = 'gatehouse-signed-in'
addEventListener('storage', ({ key, newValue }) => {
  if (key !== marker || newValue === session?.person.id) return
  // Another tab has signed out or signed in.
  if (newValue === null) endHere()
  else void resume()
})

// Without cookies, each tab has its own session; this channel notifies them when one signs out.
const farewells = new BroadcastChannel('gatehouse-farewell')
farewells.addEventListener('message', ({ data }: MessageEvent<string>) => {
  if (data !== session?.person.id) return
  if (session.tokens.refreshToken !== undefined) void gatehouse.platform.logOut().catch(() => undefined)
  endHere()
})

/** A client without a session, for calls that are authenticated by a link or not at all. */
export const anonymous = new Gatehouse({
  baseUrl: instanceUrl,
  fetch: (input, init) => fetchNoted(input, withHeaders(init, sessionHeaders)),
})

/** The client of the signed-in user. An expired access token is renewed once for all calls that fail with it. */
export const gatehouse = new Gatehouse({
  baseUrl: instanceUrl,
  accessToken: () => session?.tokens.accessToken,
  fetch: async (input, init) => {
    const before = session
    const response = await fetchNoted(input, withHeaders(init, proof()))
    if (response.status === 403 && (await isSudoRequired(response))) {
      if (!(await proveAnew())) return response
      return fetch(input, withHeaders(init, proof()))
    }
    if (response.status !== 401 || before === undefined) return response
    if (session === before) await renew(before.tokens.refreshToken)
    // A call for one organisation must not be repeated after the user switched to another.
    if (session === undefined || !isSamePlace(session.person, before.person)) return response
    return fetch(
      input,
      withHeaders(init, { ...proof(), authorization: `Bearer ${session.tokens.accessToken}` }),
    )
  },
})

/** Returns undefined if the user is signed in; otherwise what the second factor needs. */
export async function signIn(email: string, password: string): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.logIn({ email, password })
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

export async function finishSignIn(mfaToken: string, given: MfaProof): Promise<void> {
  begin(await anonymous.platform.mfa.verify(mfaToken, given))
}

/** The options for a passkey as the second factor. */
export function passkeyOfSignIn(mfaToken: string): Promise<object> {
  return anonymous.platform.mfa.options(mfaToken).then(({ passkey }) => passkey)
}

/** Returns undefined if the user is signed in; otherwise what the second factor needs. */
export async function join(acceptance: Acceptance): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.acceptInvitation(acceptance)
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

/** Returns undefined if the user is signed in; otherwise what the second factor needs. */
export async function connectAccount(linkToken: string, password: string): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.signOn.connect(linkToken, password)
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

export async function setUp(owner: Parameters<typeof anonymous.platform.setUp>[0]): Promise<void> {
  begin(await anonymous.platform.setUp(owner))
}

/** Resumes the session of this browser's cookie, if there is one; waits until the server has answered. */
export async function resume(): Promise<void> {
  if (hasJustSignedOn() || localStorage.getItem(marker) !== null) await renew(undefined)
}

/** Switches to another of the user's organisations. */
export async function switchTeam(id: string): Promise<void> {
  const { data, accessToken } = await gatehouse.platform.teams.switchTo(id)
  if (session === undefined) return
  const { person, tokens } = session
  become({ person: { ...person, teamId: data.id, role: data.role }, tokens: { ...tokens, accessToken } })
}

export async function signOut(): Promise<void> {
  const id = session?.person.id
  try {
    await gatehouse.platform.logOut()
  } finally {
    become(undefined)
    if (id !== undefined) farewells.postMessage(id)
  }
}

/** The user has signed out in another tab. */
function endHere(): void {
  if (session !== undefined) leave(frameWords.signedOutElsewhere)
}

/** Leaves a session that the server has ended; `said` is the reason, for the next page. */
export function leave(said: string): void {
  farewell = said
  become(undefined)
}

/** Returns once why the last session ended, if the user should know. */
export function takeFarewell(): string | undefined {
  const said = farewell
  farewell = undefined
  return said
}

/** Changes display preferences, here immediately and on the server for every browser. */
export async function choose(change: PreferenceChange): Promise<void> {
  // Applied before the server has answered, so that the theme changes immediately.
  if (change.theme !== undefined) keepTheme(change.theme)
  try {
    const chosen = await gatehouse.platform.account.setPreferences(change)
    if (session !== undefined) become({ ...session, person: { ...session.person, ...chosen } })
  } catch (error) {
    if (session !== undefined) keepTheme(session.person.theme)
    throw error
  }
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
  const speaksOtherwise = applyPreferences(next?.person ?? ofBrowser)
  if (next === undefined) localStorage.removeItem(marker)
  else if (next.tokens.refreshToken === undefined) localStorage.setItem(marker, next.person.id)
  // Without a cookie, a reload would end the session: the language then changes at the next log-in.
  if (speaksOtherwise && (next === undefined || next.tokens.refreshToken === undefined)) startAnew()
  else for (const tell of listeners) tell()
}

const ofBrowser: Pick<Person, 'language' | 'timeZone' | 'theme'> = {
  language: null,
  timeZone: null,
  theme: 'system',
}

/** Returns true if the app has to be reloaded for the user's language. */
function applyPreferences({ language, timeZone, theme }: typeof ofBrowser): boolean {
  keepTheme(theme)
  showInZone(timeZone)
  return keepLanguage(language)
}

const storedFarewell = 'gatehouse-farewell'

function startAnew(): void {
  if (farewell !== undefined) sessionStorage.setItem(storedFarewell, farewell)
  // Deferred, so that code waiting for the session navigates first.
  setTimeout(() => location.reload())
}

function takeStored(): string | undefined {
  const stored = sessionStorage.getItem(storedFarewell) ?? undefined
  sessionStorage.removeItem(storedFarewell)
  return stored
}

function renew(refreshToken: string | undefined): Promise<void> {
  renewing ??= continueWith(refreshToken).finally(() => (renewing = undefined))
  return renewing
}

async function continueWith(refreshToken: string | undefined): Promise<void> {
  const next = await establish(refreshToken)
  if (next === undefined) farewell = words.sessionEnded
  become(next)
}

/** The session according to the server; undefined if it has ended. */
function establish(refreshToken: string | undefined): Promise<Session | undefined> {
  let tokens: TokenPair | undefined
  return waitOut(async (signal) => {
    // Renewed tokens are kept if only the second request fails.
    tokens ??= await renewTokens(refreshToken, signal)
    if (tokens === undefined) return undefined
    const known = new Gatehouse({
      baseUrl: instanceUrl,
      accessToken: tokens.accessToken,
      fetch: askServer,
    })
    try {
      const { user, teamId, role } = await known.platform.me({ signal })
      return { person: { ...user, teamId, role }, tokens }
    } catch (error) {
      if (error instanceof GatehouseProblem) return undefined
      throw error
    }
  })
}

function isSamePlace(one: Person, other: Person): boolean {
  return one.id === other.id && one.teamId === other.teamId
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
