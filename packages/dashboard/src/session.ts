import { Gatehouse, GatehouseProblem, type SignedIn, type TokenPair } from '@gatehouse/sdk'
import { useEffect, useState } from 'preact/hooks'

export type Person = SignedIn['user']
type Session = { readonly person: Person; readonly tokens: TokenPair }

// In memory only: nothing that a script of another page or a stolen disk could read.
let session: Session | undefined
const listeners = new Set<() => void>()
let refreshing: Promise<boolean> | undefined

const anonymous = new Gatehouse({ baseUrl: location.origin })

/** Every call of the signed-in person; a dead access token is renewed once, for all calls that met it. */
export const gatehouse = new Gatehouse({
  baseUrl: location.origin,
  accessToken: () => session?.tokens.accessToken,
  fetch: async (input, init) => {
    const used = session?.tokens.accessToken
    const response = await fetch(input, init)
    if (response.status !== 401 || used === undefined) return response
    const renewed = session?.tokens.accessToken === used ? await renew() : session !== undefined
    if (!renewed || session === undefined) return response
    const headers = new Headers(init?.headers)
    headers.set('authorization', `Bearer ${session.tokens.accessToken}`)
    return fetch(input, { ...init, headers })
  },
})

export async function signIn(email: string, password: string): Promise<void> {
  begin(await anonymous.platform.logIn({ email, password }))
}

export async function setUp(owner: Parameters<typeof anonymous.platform.setUp>[0]): Promise<void> {
  begin(await anonymous.platform.setUp(owner))
}

export async function signOut(): Promise<void> {
  try {
    await gatehouse.platform.logOut()
  } finally {
    become(undefined)
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

function begin({ user, accessToken, refreshToken }: SignedIn): void {
  become({ person: user, tokens: { accessToken, refreshToken } })
}

function become(next: Session | undefined): void {
  session = next
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
