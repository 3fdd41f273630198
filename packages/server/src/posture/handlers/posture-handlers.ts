import { readFileSync } from 'node:fs'
import { type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import type { postureEndpoints } from '../contract/endpoints.ts'
import type { PostureDeps } from '../deps.ts'
import { exportCycloneDx } from '../export-cyclonedx.ts'
import { isOwaspRisk } from '../owasp.ts'
import { renderBadge } from '../pages/render-badge.ts'
import { renderClaimPage, renderUnknownClaim } from '../pages/render-claim-page.ts'
import { stylesheet } from '../pages/render-frame.ts'
import { toPage } from '../pages/to-page.ts'
import { renderSecurityPage } from '../pages/render-security-page.ts'
import { policy } from '../policy.ts'
import { problems } from '../problems.ts'
import {
  type ClaimView,
  readPosture,
  readRun,
  readTrend,
  type PostureView,
} from '../usecases/read-posture.ts'
import { askForRun } from '../usecases/run-probes.ts'
import { toDashboard, toHistory, toPostureSet, toWireRun } from './to-wire.ts'

type Reader = { readonly read: () => Promise<PostureView> }

const briefly = { 'cache-control': 'public, max-age=60' }

export function postureHandlers(deps: PostureDeps, { read }: Reader): HandlersOf<typeof postureEndpoints> {
  const verifier = readFileSync(new URL('../verify-posture.mjs', import.meta.url), 'utf8')
  /** Reads one claim with a longer history than the page of all claims shows. */
  const readOne = async (
    id: string,
  ): Promise<{ readonly view: PostureView; readonly one: ClaimView } | undefined> => {
    const view = await readPosture(deps, policy.historyResults, id)
    const one = view.claims.find(({ claim }) => claim.id === id)
    return one && { view, one }
  }
  const toRun = async (id: string) => {
    const found = await readRun(deps, id)
    if (found === undefined) throw problems.NOT_FOUND({ detail: 'There is no such run' })
    return { run: toWireRun(found.run, found.results) }
  }
  return {
    readSecurityPage: async (_visitor, { query }, context) => {
      const language = query.lang ?? deps.toLanguage(context.header('accept-language'))
      const { risk = '' } = query
      const only = isOwaspRisk(risk) ? risk : undefined
      return toPage(renderSecurityPage(await read(), language, deps.publicUrl(), only), context)
    },
    readSecurityClaim: async (_visitor, { params, query }, context) => {
      const language = query.lang ?? deps.toLanguage(context.header('accept-language'))
      const found = await readOne(params.claim)
      return found === undefined
        ? toPage(renderUnknownClaim(language), context, 404)
        : toPage(renderClaimPage(found.one, found.view, language, deps.publicUrl()), context)
    },
    readSecurityStyle: () => new RawReply(stylesheet, { 'cache-control': 'public, max-age=300' }),
    readSecurityBadge: async () => new RawReply(renderBadge(await read()), briefly),
    readPosture: async () => toPostureSet(deps, await read()),
    readPostureAttestations: async () =>
      new RawReply(JSON.stringify(exportCycloneDx(await read(), deps.publicUrl(), deps.signingKey)), briefly),
    readPostureVerifier: () => new RawReply(verifier, { 'cache-control': 'public, max-age=300' }),
    readPostureHistory: async (_visitor, { params }) => {
      const found = await readOne(/^(.+)\.json$/.exec(params.file)?.[1] ?? '')
      if (found === undefined) throw problems.NOT_FOUND({ detail: 'There is no such claim' })
      return toHistory(deps, found.one, found.view.nowMs)
    },
    getPosture: async (_member, { query }) => toDashboard(await read(), await readTrend(deps, query.days)),
    adminStartPostureRun: async (admin, { body }) => toRun(await askForRun(deps, admin, body.claims ?? null)),
    adminGetPostureRun: (_admin, { params }) => toRun(params.id),
  }
}
