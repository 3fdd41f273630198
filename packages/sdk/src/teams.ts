import type {
  Done,
  Invitation,
  Member,
  NewInvitation,
  ReplyOf,
  ResetLink,
  RevealedInvitation,
  Role,
  SingleSignOn,
  SingleSignOnCheck,
  SingleSignOnSettings,
  TargetAcknowledgement,
  Team,
  TeamChange,
  TeamSettings,
} from './schemas.ts'
import type { CallOptions, Transport } from './transport.ts'

type Data<T> = { readonly data: T }

/** The organisations a person belongs to, and the people of the one they act in. */
export function teamsApi(send: Transport) {
  const team = '/dashboard/team'
  const acknowledgement = '/dashboard/acknowledgements/targets'
  const member = (userId: string) => `${team}/members/${encodeURIComponent(userId)}`
  return {
    list: async (options?: CallOptions) =>
      (await send<Data<readonly Team[]>>('GET', '/dashboard/teams', options)).data,
    create: async (name: string, options?: CallOptions) =>
      (await send<Data<Team>>('POST', '/dashboard/teams', { ...options, body: { name } })).data,
    /** The access token acts in the other organisation from then on. */
    switchTo: (id: string, options?: CallOptions) =>
      send<ReplyOf<'switchTeam'>>('POST', `/dashboard/teams/${encodeURIComponent(id)}/switch`, options),
    settings: async (options?: CallOptions) => (await send<Data<TeamSettings>>('GET', team, options)).data,
    update: async (body: TeamChange, options?: CallOptions) =>
      (await send<Data<TeamSettings>>('PUT', team, { ...options, body })).data,
    /** A gzipped tar of everything that is held of the organisation. */
    /** Whether the organisation has said that what it monitors is its to have monitored. */
    targetAcknowledgement: async (options?: CallOptions) =>
      (await send<Data<TargetAcknowledgement>>('GET', acknowledgement, options)).data,
    acknowledgeTargets: async (version: number, options?: CallOptions) =>
      (await send<Data<TargetAcknowledgement>>('PUT', acknowledgement, { ...options, body: { version } }))
        .data,
    export: (options?: CallOptions) => send<Blob>('GET', `${team}/export`, { ...options, as: 'blob' }),
    delete: (options?: CallOptions) => send<ReplyOf<'deleteTeam'>>('DELETE', team, options),
    cancelDeletion: (options?: CallOptions) => send<Done>('POST', `${team}/cancel-deletion`, options),
    members: {
      list: async (options?: CallOptions) =>
        (await send<Data<readonly Member[]>>('GET', `${team}/members`, options)).data,
      get: async (userId: string, options?: CallOptions) =>
        (await send<Data<Member>>('GET', member(userId), options)).data,
      changeRole: async (userId: string, role: Role, options?: CallOptions) =>
        (await send<Data<Member>>('PUT', member(userId), { ...options, body: { role } })).data,
      /** Where no mail is sent: a link to hand over, with which the person sets a new password. */
      createResetLink: async (userId: string, options?: CallOptions) =>
        (await send<Data<ResetLink>>('POST', `${member(userId)}/reset-link`, options)).data,
      /** Removes someone, or lets you leave. */
      remove: (userId: string, options?: CallOptions) => send<Done>('DELETE', member(userId), options),
    },
    /** How people come in through the organisation's own sign-in server. */
    singleSignOn: {
      get: (options?: CallOptions) => send<SingleSignOn>('GET', `${team}/sso`, options),
      set: (body: SingleSignOnSettings, options?: CallOptions) =>
        send<SingleSignOn>('PUT', `${team}/sso`, { ...options, body }),
      delete: (options?: CallOptions) => send<Done>('DELETE', `${team}/sso`, options),
      /** Looks for the DNS records now, and asks the server who it is. */
      check: (options?: CallOptions) => send<SingleSignOnCheck>('POST', `${team}/sso/check`, options),
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
