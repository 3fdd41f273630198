import { fileURLToPath } from 'node:url'
import { bind, type BoundEndpoint, defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { problems } from './http/problems.ts'
import { type StaticAssets, staticAssets } from './http/static-assets.ts'
import { policy } from './platform/policy.ts'
import type { ServiceModule } from './service.ts'

const access = {
  kind: 'public',
  because: 'the app itself is no secret; all that it shows comes from calls with a credential',
  limit: { name: 'dashboard-files', by: 'ip' },
} as const

/** The app's own addresses, by the id of their endpoint. */
const pages = {
  openDashboard: '/',
  openSetup: '/setup',
  openLogin: '/login',
  openForgotPassword: '/forgot-password',
  openResetPassword: '/reset-password',
  openVerifyEmail: '/verify-email',
  openRegister: '/register',
  openInvitation: '/invite',
  openDevice: '/device',
  openAccount: '/account',
  openAccountSecurity: '/account/security',
  openIncidents: '/incidents',
  openKeys: '/keys',
  openChannels: '/channels',
  openStatusPages: '/status-pages',
  openTeam: '/team',
  openWebhooks: '/webhooks',
  openAudit: '/audit',
  openUsage: '/usage',
  openAdministration: '/admin',
} as const

const page = {
  method: 'GET',
  summary: 'Show a page of the dashboard',
  tag: 'dashboard',
  access,
  reply: { status: 200, mediaType: 'text/html; charset=utf-8' },
  problems: [],
} as const

const openMonitor = defineEndpoint({
  ...page,
  path: '/monitors/{id}',
  id: 'openMonitor',
  params: z.strictObject({ id: text(1, 64) }),
})

const openWebhook = defineEndpoint({
  ...page,
  path: '/webhooks/{id}',
  id: 'openWebhook',
  params: z.strictObject({ id: text(1, 64) }),
})

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

/** Serves the built dashboard. */
export function dashboardModule(
  assets: StaticAssets = staticAssets(fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))),
): ServiceModule {
  return {
    name: 'dashboard',
    title: 'Dashboard',
    envelope: 'problem+json',
    policy: {
      ...policy,
      publicLimits: {
        'dashboard-files': {
          name: 'dashboard-files',
          limit: 600,
          windowSeconds: 60,
          whenStoreFails: 'admit',
        },
      },
    },
    endpoints: endpoints(assets),
    jobs: [],
    recurring: [],
    start: async () => ({ stop: async () => undefined }),
  }
}

function endpoints(assets: StaticAssets): readonly BoundEndpoint[] {
  return [
    ...Object.entries(pages).map(([id, path]) =>
      bind(defineEndpoint({ ...page, id, path }), (_caller, _input, { header }) =>
        assets.page(header('accept-encoding')),
      ),
    ),
    ...[openMonitor, openWebhook].map((endpoint) =>
      bind(endpoint, (_caller, _input, { header }) => assets.page(header('accept-encoding'))),
    ),
    bind(readAsset, (_caller, { params }, { header }) => {
      const reply = assets.asset(params.file, header('accept-encoding'))
      if (reply === undefined) throw problems.NOT_FOUND({ detail: 'There is no such file' })
      return reply
    }),
  ]
}
