import { asGate } from '@gatehouse/kernel/db'
import type { HandlersOf } from '@gatehouse/kernel/endpoint'
import type { factorEndpoints } from '../contract/factors.ts'
import type { sudoEndpoints } from '../contract/sudo.ts'
import type { PlatformDeps } from '../deps.ts'
import { countRecoveryCodes, listFactors } from '../store/factor-store.ts'
import { toTime } from '../../service/shapes.ts'
import { toWireFactor } from './to-wire.ts'
import { addPasskey, beginPasskey } from '../usecases/add-passkey.ts'
import {
  confirmTotp,
  deleteFactor,
  enrolTotp,
  type NewFactor,
  renewRecoveryCodes,
} from '../usecases/change-factors.ts'
import { prepareSudo, verifySudo } from '../usecases/sudo.ts'

export function factorHandlers(
  deps: PlatformDeps,
): HandlersOf<typeof factorEndpoints | typeof sudoEndpoints> {
  return {
    listFactors: ({ userId }) =>
      asGate(deps, async (tx) => ({
        factors: (await listFactors(tx, userId)).map(toWireFactor),
        recoveryCodesLeft: await countRecoveryCodes(tx, userId),
      })),
    enrolTotp: (member) => enrolTotp(deps, member),
    confirmTotp: async (member, { params, body }) =>
      toWireNewFactor(await confirmTotp(deps, member, params.id, body.code)),
    beginPasskey: async (member) => ({ options: await beginPasskey(deps, member) }),
    addPasskey: async (member, { body }) =>
      toWireNewFactor(await addPasskey(deps, member, body.name, body.passkey)),
    deleteFactor: async (member, { params }) => {
      await deleteFactor(deps, member, params.id)
      return { ok: true } as const
    },
    renewRecoveryCodes: async (member) => ({
      recoveryCodes: await renewRecoveryCodes(deps, member),
    }),
    prepareSudo: (member, { body }) => prepareSudo(deps, member, body.sendEmailCode),
    verifySudo: async (member, { body }) => {
      const { sudoToken, expiresAtMs } = await verifySudo(deps, member, body)
      return { sudoToken, expiresAt: toTime(expiresAtMs) }
    },
  }
}

function toWireNewFactor({ factor, recoveryCodes }: NewFactor) {
  return { factor: toWireFactor(factor), recoveryCodes }
}
