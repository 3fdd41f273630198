import {
  type HandlersOf,
  RawReply,
  type RequestContext,
  showEmail,
  WithHeaders,
} from '@gatehouse/kernel/endpoint'
import { refreshTokenMs } from '@gatehouse/kernel/sessions'
import type { signOnEndpoints } from '../contract/sign-on.ts'
import type { PlatformDeps } from '../deps.ts'
import { toLanguage } from '../domain/language.ts'
import { toTime } from '../../service/shapes.ts'
import { connectAccount } from '../usecases/connect-account.ts'
import { endSessionsByIssuer } from '../usecases/end-sessions-by-issuer.ts'
import { type Finished, finishSingleSignOn } from '../usecases/finish-single-sign-on.ts'
import { proveByIssuer } from '../usecases/prove-by-issuer.ts'
import { startSingleSignOn } from '../usecases/start-single-sign-on.ts'
import { flowCookie, forgetFlowCookie, readFlowCookie, toRefreshCookie } from './session-cookie.ts'
import { renderSignOnPage } from './sign-on-page.ts'
import { toWireLoggedIn } from './to-wire.ts'

export function signOnHandlers(deps: PlatformDeps): HandlersOf<typeof signOnEndpoints> {
  return {
    startSingleSignOn: async (_visitor, { query }, context) => {
      const language = languageOf(context)
      const started = await startSingleSignOn(deps, query.email, context, language)
      return started.begun
        ? goTo(started.url, [flowCookie(started.secret)])
        : renderSignOnPage(started.reason, language, deps.publicUrl())
    },
    finishSingleSignOn: async (_visitor, _input, context) => {
      const language = languageOf(context)
      const { search } = new URL(context.url, deps.publicUrl())
      const secret = readFlowCookie(context)
      const finished = await finishSingleSignOn(deps, secret, search, context, language)
      if (finished.kind !== 'refused') return leave(deps, finished)
      return renderSignOnPage(finished.reason, language, deps.publicUrl(), [forgetFlowCookie])
    },
    connectAccount: async (_visitor, { body }, context) =>
      toWireLoggedIn(await connectAccount(deps, body, context), context),
    endSessionsByIssuer: async (_visitor, { body }, context) => {
      await endSessionsByIssuer(
        deps,
        new URLSearchParams(body ?? '').get('logout_token') ?? undefined,
        context,
      )
      return new WithHeaders({ ok: true } as const, { 'cache-control': 'no-store' })
    },
    proveByIssuer: async (member, _input, context) => {
      const { url, secret, ticket, expiresAtMs } = await proveByIssuer(deps, member, languageOf(context))
      const reply = { url, ticket, expiresAt: toTime(expiresAtMs) }
      return new WithHeaders(reply, { 'set-cookie': flowCookie(secret), 'cache-control': 'no-store' })
    },
  }
}

/**
 * Redirects to the app. Tokens are placed after the `#`, which is never sent to a server; the app removes them from the
 * address immediately.
 */
function leave(deps: PlatformDeps, finished: Exclude<Finished, { readonly kind: 'refused' }>): RawReply {
  const app = `${deps.publicUrl()}/app`
  switch (finished.kind) {
    case 'in': {
      const cookie = toRefreshCookie(finished.signedIn.refreshToken.reveal(), refreshTokenMs / 1_000)
      return goTo(`${app}#signed-on`, [forgetFlowCookie, cookie])
    }
    case 'half': {
      const { mfaToken, methods } = finished.half
      const owed = new URLSearchParams({ mfa: mfaToken, methods: methods.join(',') })
      return goTo(`${app}/login#${owed.toString()}`, [forgetFlowCookie])
    }
    case 'connect': {
      const owed = new URLSearchParams({ connect: finished.linkToken, email: showEmail(finished.email) })
      return goTo(`${app}/login#${owed.toString()}`, [forgetFlowCookie])
    }
    case 'proven':
      return goTo(`${app}/proven`, [forgetFlowCookie])
  }
}

function goTo(location: string, cookies: readonly string[]): RawReply {
  return new RawReply('', { location, 'cache-control': 'no-store' }, undefined, cookies)
}

function languageOf({ header }: RequestContext) {
  return toLanguage(header('accept-language'))
}
