import type { HandlersOf, RequestContext } from '@gatehouse/kernel/endpoint'
import type { authEndpoints } from '../contract/auth.ts'
import type { PlatformDeps } from '../deps.ts'
import { type Language, toLanguage } from '../domain/language.ts'
import { forgetCookie, handOver, keepsCookie, takeRefreshCookie } from './session-cookie.ts'
import { toWireLoggedIn, toWireSignedIn } from './to-wire.ts'
import { acceptInvitation } from '../usecases/accept-invitation.ts'
import { endOwnSession, logOutEverywhere } from '../usecases/end-sessions.ts'
import { logIn } from '../usecases/log-in.ts'
import { refreshSession } from '../usecases/refresh-session.ts'
import { register } from '../usecases/register.ts'
import { setUpOwner } from '../usecases/set-up-owner.ts'
import { prepareMfa, verifyMfa } from '../usecases/verify-mfa.ts'
import { verifyEmail } from '../usecases/verify-email.ts'

const done = { ok: true } as const

export function authHandlers(deps: PlatformDeps): HandlersOf<typeof authEndpoints> {
  return {
    setUpOwner: async (_visitor, { body }, context) =>
      toWireSignedIn(await setUpOwner(deps, body, context, languageOf(context)), context),
    register: async (_visitor, { body }, context) => {
      await register(deps, body, languageOf(context))
      return done
    },
    verifyEmail: async (_visitor, { body }, context) => {
      await verifyEmail(deps, body.token, context)
      return done
    },
    logIn: async (_visitor, { body }, context) => toWireLoggedIn(await logIn(deps, body, context), context),
    prepareMfa: async (_visitor, { body }, context) => ({
      passkey: await prepareMfa(deps, body.mfaToken, context),
    }),
    verifyMfa: async (_visitor, { body }, context) =>
      toWireSignedIn(await verifyMfa(deps, body, context), context),
    refreshSession: async (_visitor, { body }, context) => {
      const inCookie = body.refreshToken === undefined
      const token = body.refreshToken ?? takeRefreshCookie(deps, context)
      const { accessToken, refreshToken } = await refreshSession(deps, token, context)
      return handOver({ accessToken }, refreshToken, inCookie || keepsCookie(context))
    },
    logOut: async (member, _input, context) => {
      await endOwnSession(deps, member, member.sessionId)
      return forgetCookie(done, context)
    },
    logOutEverywhere: async (member, _input, context) => {
      await logOutEverywhere(deps, member)
      return forgetCookie(done, context)
    },
    acceptInvitation: async (_visitor, { body }, context) =>
      toWireLoggedIn(await acceptInvitation(deps, body, context, languageOf(context)), context),
  }
}

function languageOf({ header }: RequestContext): Language {
  return toLanguage(header('accept-language'))
}
