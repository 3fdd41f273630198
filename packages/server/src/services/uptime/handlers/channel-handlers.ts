import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { channelEndpoints } from '../contract/channels.ts'
import type { verificationEndpoints } from '../contract/verification.ts'
import type { UptimeDeps } from '../deps.ts'
import { createChannel } from '../usecases/create-channel.ts'
import { deleteChannel } from '../usecases/delete-channel.ts'
import { listAllDeliveries, listChannels, listDeliveries } from '../usecases/list-channels.ts'
import { resendDelivery } from '../usecases/resend-delivery.ts'
import { testChannel } from '../usecases/test-channel.ts'
import { updateChannel } from '../usecases/update-channel.ts'
import { isVerificationOpen, resendVerification, verifyChannel } from '../usecases/verify-channel.ts'
import { renderVerificationPage } from './verification-page.ts'

const ok = { ok: true } as const
const success = { success: true } as const

export function channelHandlers(
  deps: UptimeDeps,
): HandlersOf<typeof channelEndpoints | typeof verificationEndpoints> {
  return {
    listChannels: async (caller) => ({ channels: await listChannels(deps, caller) }),
    createChannel: (caller, { body }) => createChannel(deps, caller, body),
    updateChannel: (caller, { params, body }) => updateChannel(deps, caller, params.id, body),
    deleteChannel: async (caller, { params }) => {
      await deleteChannel(deps, caller, params.id)
      return ok
    },
    testChannel: async (caller, { params }) => {
      await testChannel(deps, caller, params.id)
      return success
    },
    resendVerification: async (caller, { params }) => {
      await resendVerification(deps, caller, params.id)
      return success
    },
    listDeliveries: (caller, { params, query }) => listDeliveries(deps, caller, params.id, query),
    listAllDeliveries: (caller, { query }) => listAllDeliveries(deps, caller, query),
    resendDelivery: async (caller, { params }) => {
      await resendDelivery(deps, caller, params.id, params.deliveryId)
      return ok
    },
    openVerification: async (_visitor, { query }, { header }) =>
      renderVerificationPage(
        (await isVerificationOpen(deps, query.token)) ? 'ask' : 'expired',
        header('accept-language'),
      ),
    confirmVerification: async (_visitor, { query }, { header }) =>
      renderVerificationPage(
        (await verifyChannel(deps, query.token)) ? 'done' : 'expired',
        header('accept-language'),
      ),
  }
}
