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

// The access token stays in memory: nothing that a script of another page or a stolen disk could read.
let session: Session | undefined
let farewell: string | undefined = takeStored()
const listeners = new Set<() => void>()
let renewing: Promise<void> | undefined

/** Names who may have a cookie to go on with; not a secret. Without it a visit costs no refresh. */
const marker = 'gatehouse-signed-in'
addEventListener('storage', ({ key, newValue }) => {
  if (key !== marker || newValue === session?.person.id) return
  // Another tab has signed out, or somebody has signed in there.
  if (newValue === null) endHere()
  else void resume()
})

// Where no cookie can be, each tab has a session of its own, and only this says that one of them was left.
const farewells = new BroadcastChannel('gatehouse-farewell')
farewells.addEventListener('message', ({ data }: MessageEvent<string>) => {
  if (data !== session?.person.id) return
  if (session.tokens.refreshToken !== undefined) void gatehouse.platform.logOut().catch(() => undefined)
  endHere()
})

/** Calls of someone whom a link proves, or nothing yet. */
export const anonymous = new Gatehouse({
  baseUrl: instanceUrl,
  fetch: (input, init) => fetchNoted(input, withHeaders(init, sessionHeaders)),
})

/** Every call of the signed-in person; a dead access token is renewed once, for all calls that met it. */
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
    // What was meant for one organisation must not be done in another that the person has gone to meanwhile.
    if (session === undefined || !isSamePlace(session.person, before.person)) return response
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

/** Undefined when the person is in; otherwise what the second step needs. */
export async function connectAccount(linkToken: string, password: string): Promise<MfaRequired | undefined> {
  const answer = await anonymous.platform.signOn.connect(linkToken, password)
  if ('mfaRequired' in answer) return answer
  begin(answer)
  return undefined
}

export async function setUp(owner: Parameters<typeof anonymous.platform.setUp>[0]): Promise<void> {
  begin(await anonymous.platform.setUp(owner))
}

/** Goes on with the session whose cookie this browser keeps, if there is one; for as long as the server takes to say. */
export async function resume(): Promise<void> {
  if (hasJustSignedOn() || localStorage.getItem(marker) !== null) await renew(undefined)
}

/** Lets the person act in another of their organisations. */
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

/** The person has left in another tab. */
function endHere(): void {
  if (session !== undefined) leave(frameWords.signedOutElsewhere)
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

/** Changes how the person is shown things: here at once, and on every browser. */
export async function choose(change: PreferenceChange): Promise<void> {
  // Not only once the server has it: a theme is seen where it is pressed.
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
  // Without a cookie a start anew would end the session: the language then comes with the next one.
  if (speaksOtherwise && (next === undefined || next.tokens.refreshToken === undefined)) startAnew()
  else for (const tell of listeners) tell()
}

const ofBrowser: Pick<Person, 'language' | 'timeZone' | 'theme'> = {
  language: null,
  timeZone: null,
  theme: 'system',
}

/** True: the app has to start anew to speak the person's language. */
function applyPreferences({ language, timeZone, theme }: typeof ofBrowser): boolean {
  keepTheme(theme)
  showInZone(timeZone)
  return keepLanguage(language)
}

const storedFarewell = 'gatehouse-farewell'

function startAnew(): void {
  if (farewell !== undefined) sessionStorage.setItem(storedFarewell, farewell)
  // Whoever waits for the session goes on to another page first.
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

/** The session as the server has it now; undefined when it has ended. */
function establish(refreshToken: string | undefined): Promise<Session | undefined> {
  let tokens: TokenPair | undefined
  return waitOut(async (signal) => {
    // What was renewed stays good while only the second question goes unanswered.
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
