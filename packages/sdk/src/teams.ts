import type { Role } from './account.ts'
import type { CallOptions, Transport } from './transport.ts'

export type Team = {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly plan: string
  readonly deletionScheduledAt: string | null
}

export type TeamSettings = {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly plan: string
  readonly allowedOrigins: readonly string[]
  readonly deletionScheduledAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
}

export type TeamChange = { readonly name?: string; readonly allowedOrigins?: readonly string[] }

export type Member = {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly joinedAt: string
}

export type Invitation = {
  readonly id: string
  readonly email: string | null
  readonly role: Role
  readonly expiresAt: string
  readonly createdAt: string
}

/** With an address, only that address can accept. */
export type NewInvitation = { readonly role: Role; readonly email?: string }

/** The only answer that ever holds the token. */
export type RevealedInvitation = Omit<Invitation, 'createdAt'> & {
  readonly token: string
  readonly emailSent: boolean
}

type Data<T> = { readonly data: T }
type Done = { readonly ok: true }

/** The organisations a person belongs to, and the people of the one they act in. */
export function teamsApi(send: Transport) {
  const team = '/dashboard/team'
  const member = (userId: string) => `${team}/members/${encodeURIComponent(userId)}`
  return {
    list: async (options?: CallOptions) =>
      (await send<Data<readonly Team[]>>('GET', '/dashboard/teams', options)).data,
    create: async (name: string, options?: CallOptions) =>
      (await send<Data<Team>>('POST', '/dashboard/teams', { ...options, body: { name } })).data,
    /** The access token acts in the other organisation from then on. */
    switchTo: (id: string, options?: CallOptions) =>
      send<Data<Team> & { readonly accessToken: string }>(
        'POST',
        `/dashboard/teams/${encodeURIComponent(id)}/switch`,
        options,
      ),
    settings: async (options?: CallOptions) => (await send<Data<TeamSettings>>('GET', team, options)).data,
    update: async (body: TeamChange, options?: CallOptions) =>
      (await send<Data<TeamSettings>>('PUT', team, { ...options, body })).data,
    /** A gzipped tar of everything that is held of the organisation. */
    export: (options?: CallOptions) => send<Blob>('GET', `${team}/export`, { ...options, as: 'blob' }),
    delete: (options?: CallOptions) =>
      send<{ readonly deletionScheduledAt: string }>('DELETE', team, options),
    cancelDeletion: (options?: CallOptions) => send<Done>('POST', `${team}/cancel-deletion`, options),
    members: {
      list: async (options?: CallOptions) =>
        (await send<Data<readonly Member[]>>('GET', `${team}/members`, options)).data,
      changeRole: async (userId: string, role: Role, options?: CallOptions) =>
        (await send<Data<Member>>('PUT', member(userId), { ...options, body: { role } })).data,
      /** Removes someone, or lets you leave. */
      remove: (userId: string, options?: CallOptions) => send<Done>('DELETE', member(userId), options),
    },
    invitations: {
      list: async (options?: CallOptions) =>
        (await send<Data<readonly Invitation[]>>('GET', `${team}/invitations`, options)).data,
      create: async (body: NewInvitation, options?: CallOptions) =>
        (await send<Data<RevealedInvitation>>('POST', `${team}/invitations`, { ...options, body })).data,
      revoke: (id: string, options?: CallOptions) =>
        send<Done>('DELETE', `${team}/invitations/${encodeURIComponent(id)}`, options),
    },
  }
}
