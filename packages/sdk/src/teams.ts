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

/** The user's organisations, and the members of the current one. */
export function teamsApi(send: Transport) {
  const team = '/dashboard/team'
  const acknowledgement = '/dashboard/acknowledgements/targets'
  const member = (userId: string) => `${team}/members/${encodeURIComponent(userId)}`
  return {
    list: async (options?: CallOptions) =>
      (await send<Data<readonly Team[]>>('GET', '/dashboard/teams', options)).data,
    create: async (name: string, options?: CallOptions) =>
      (await send<Data<Team>>('POST', '/dashboard/teams', { ...options, body: { name } })).data,
    /** From then on, the access token acts in that organisation. */
    switchTo: (id: string, options?: CallOptions) =>
      send<ReplyOf<'switchTeam'>>('POST', `/dashboard/teams/${encodeURIComponent(id)}/switch`, options),
    settings: async (options?: CallOptions) => (await send<Data<TeamSettings>>('GET', team, options)).data,
    update: async (body: TeamChange, options?: CallOptions) =>
      (await send<Data<TeamSettings>>('PUT', team, { ...options, body })).data,
    /** All data of the organisation as a gzipped tar archive. */
    /** Whether the organisation has confirmed that it is entitled to monitor its targets. */
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
      /**
       * Creates a link with which the member sets a new password, for instances that send no mail: hand it over
       * yourself.
       */
      createResetLink: async (userId: string, options?: CallOptions) =>
        (await send<Data<ResetLink>>('POST', `${member(userId)}/reset-link`, options)).data,
      /** Removes a member. Pass your own id to leave the organisation. */
      remove: (userId: string, options?: CallOptions) => send<Done>('DELETE', member(userId), options),
    },
    /** Single sign-on through the organisation's identity provider. */
    singleSignOn: {
      get: (options?: CallOptions) => send<SingleSignOn>('GET', `${team}/sso`, options),
      set: (body: SingleSignOnSettings, options?: CallOptions) =>
        send<SingleSignOn>('PUT', `${team}/sso`, { ...options, body }),
      delete: (options?: CallOptions) => send<Done>('DELETE', `${team}/sso`, options),
      /** Looks up the DNS records and contacts the identity provider now. */
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
