import { bind, type BoundEndpoint, type RequestContext } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/auth.ts'
import type { PlatformDeps } from '../deps.ts'
import { type Language, toLanguage } from '../domain/language.ts'
import { toWireSignedIn } from '../to-wire.ts'
import { acceptInvitation } from '../usecases/accept-invitation.ts'
import { endOwnSession, logOutEverywhere } from '../usecases/end-sessions.ts'
import { logIn } from '../usecases/log-in.ts'
import { refreshSession } from '../usecases/refresh-session.ts'
import { register } from '../usecases/register.ts'
import { setUpOwner } from '../usecases/set-up-owner.ts'
import { verifyEmail } from '../usecases/verify-email.ts'

const done = { ok: true } as const

export function authEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.setUpOwner, async (_visitor, { body }, context) =>
      toWireSignedIn(await setUpOwner(deps, body, context, languageOf(context))),
    ),
    bind(contract.register, async (_visitor, { body }, context) => {
      await register(deps, body, languageOf(context))
      return done
    }),
    bind(contract.verifyEmail, async (_visitor, { body }) => {
      await verifyEmail(deps, body.token)
      return done
    }),
    bind(contract.logIn, async (_visitor, { body }, context) =>
      toWireSignedIn(await logIn(deps, body, context)),
    ),
    bind(contract.refresh, async (_visitor, { body }, context) => {
      const { accessToken, refreshToken } = await refreshSession(deps, body.refreshToken, context)
      return { accessToken, refreshToken: refreshToken.reveal() }
    }),
    bind(contract.logOut, async (member) => {
      await endOwnSession(deps, member, member.sessionId)
      return done
    }),
    bind(contract.logOutEverywhere, async (member) => {
      await logOutEverywhere(deps, member)
      return done
    }),
    bind(contract.acceptInvitation, async (_visitor, { body }, context) =>
      toWireSignedIn(await acceptInvitation(deps, body, context, languageOf(context))),
    ),
  ]
}

function languageOf({ header }: RequestContext): Language {
  return toLanguage(header('accept-language'))
}
