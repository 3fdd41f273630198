import { fileURLToPath } from 'node:url'
import type { Clock } from '@gatehouse/kernel/clock'
import { defineEndpoint, type HandlersOf, RawReply, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { problems } from './http/problems.ts'
import { type StaticAssets, staticAssets } from './http/static-assets.ts'
import { defineService, startNothing } from './service/define-service.ts'
import { version } from './service/version.ts'
import { open, openPolicy } from './service/open-service.ts'

const access = {
  kind: 'public',
  because: 'the app itself is no secret; all that it shows comes from calls with a credential',
  limit: { name: 'dashboard-files', by: 'ip' },
} as const

const page = {
  method: 'GET',
  summary: 'Show a page of the dashboard',
  tag: 'dashboard',
  access,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8' },
  problems: [],
} as const

const openDashboard = defineEndpoint({ ...page, id: 'openDashboard', path: '/app' })

/** The app itself decides which pages exist: a new page needs no change here. */
const openDashboardPage = defineEndpoint({
  ...openDashboard,
  id: 'openDashboardPage',
  path: '/app/*',
  handledBy: openDashboard.id,
})

/** The addresses that pages had before they moved below `/app`; links in old mails still use them. */
const moved: Readonly<Record<string, string>> = {
  '/': '/app',
  '/setup': '/app/setup',
  '/login': '/app/login',
  '/forgot-password': '/app/forgot-password',
  '/reset-password': '/app/reset-password',
  '/verify-email': '/app/verify-email',
  '/register': '/app/register',
  '/invite': '/app/invite',
  '/device': '/app/device',
  '/account': '/app/account',
  '/account/security': '/app/account/security',
  '/incidents': '/app/uptime/incidents',
  '/incidents/{id}': '/app/uptime/incidents/{id}',
  '/monitors': '/app/uptime/monitors',
  '/monitors/{id}': '/app/uptime/monitors/{id}',
  '/channels': '/app/alerts',
  '/status-pages': '/app/uptime/status-pages',
  '/keys': '/app/keys',
  '/team': '/app/team',
  '/settings/billing': '/app/team',
  '/webhooks': '/app/alerts',
  '/webhooks/{id}': '/app/alerts/webhooks/{id}',
  '/audit': '/app/audit',
  '/usage': '/app/usage',
  '/admin': '/app/admin',
}

const followMove = defineEndpoint({
  ...page,
  id: 'followMove',
  path: '/',
  summary: 'Find a page of the dashboard that has moved',
  reply: { status: 308, mediaType: 'text/plain; charset=utf-8', otherStatuses: [200] },
})

const otherMoves = Object.keys(moved)
  .filter((path) => path !== followMove.path)
  .map((path) => ({ ...followMove, id: `followMoveOf${path}`, path, handledBy: followMove.id }))

const readAsset = defineEndpoint({
  method: 'GET',
  path: '/assets/{file}',
  id: 'readDashboardAsset',
  summary: 'Read a part of the dashboard',
  tag: 'dashboard',
  access,
  params: z.strictObject({ file: text(1, 200) }),
  reply: { status: 200, mediaType: 'application/octet-stream' },
  problems: ['NOT_FOUND'],
})

const endpoints = [openDashboard, openDashboardPage, followMove, ...otherMoves, readAsset]

export type DashboardDeps = {
  readonly assets: StaticAssets
  /** The path of the public URL. */
  readonly publicPath: string
  /** The name of the instance for programs; without it `GET /` serves people only. */
  readonly programName: string | undefined
  readonly clock: Clock
}

/** Reads the built app into memory. */
export function readDashboard(publicPath: string): StaticAssets {
  return staticAssets(fileURLToPath(new URL('../../dashboard/dist/', import.meta.url)), publicPath)
}

/** Serves the built dashboard. */
export const dashboard = defineService({
  ...open,
  name: 'dashboard',
  title: 'Dashboard',
  description: 'The app that people use',
  policy: openPolicy('dashboard-files'),
  endpoints,
  build: (deps: DashboardDeps) => ({
    handlers: toHandlers(deps),
    jobs: [],
    recurring: [],
    start: startNothing,
  }),
})

function toHandlers({ assets, publicPath, programName, clock }: DashboardDeps): HandlersOf<typeof endpoints> {
  return {
    openDashboard: (_caller, _input, { header }) => assets.page(header('accept-encoding')),
    followMove: (_caller, _input, { url, requestId, header }) => {
      if (programName !== undefined && isRoot(url) && asksForJson(header('accept'))) {
        const timestamp = new Date(clock.now()).toISOString()
        const health = { status: 'ok', name: programName, version, request_id: requestId, timestamp }
        return new RawReply(JSON.stringify(health), jsonHeaders, 200)
      }
      const location = publicPath + toNewAddress(url)
      // The query may hold a token, so the answer must not be cached.
      return new RawReply(`Moved to ${location}`, { location, 'cache-control': 'no-store' })
    },
    readDashboardAsset: (_caller, { params }, { header }) => {
      const reply = assets.asset(params.file, header('accept-encoding'))
      if (reply === undefined) throw problems.NOT_FOUND({ detail: 'There is no such file' })
      return reply
    },
  }
}

const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  vary: 'Accept',
}

function isRoot(url: string): boolean {
  return /^(?:[a-z][\w+.-]*:\/\/[^/?]*)?\/?(?:\?|$)/i.test(url)
}

/** Programs name JSON; a browser names HTML first. */
function asksForJson(accept = ''): boolean {
  return /\bapplication\/json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)
}

/** The new address, with the id that the old one named, and with its query. */
function toNewAddress(url: string): string {
  const [path = '', ...query] = url.replace(/^[a-z][\w+.-]*:\/\/[^/?]*/i, '').split('?')
  const search = query.length === 0 ? '' : `?${query.join('?')}`
  const same = moved[path]
  if (same !== undefined) return same + search
  const [, first, id = ''] = path.split('/')
  return (moved[`/${first}/{id}`] ?? '/app').replace('{id}', () => id) + search
}
