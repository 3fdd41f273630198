import { asGate } from '@gatehouse/kernel/db'
import { bind, type BoundEndpoint } from '@gatehouse/kernel/endpoint'
import * as contract from '../contract/factors.ts'
import * as sudo from '../contract/sudo.ts'
import type { PlatformDeps } from '../deps.ts'
import { countRecoveryCodes, listFactors } from '../store/factor-store.ts'
import { toWireFactor, toWireTime } from '../to-wire.ts'
import { addPasskey, beginPasskey } from '../usecases/add-passkey.ts'
import {
  confirmTotp,
  deleteFactor,
  enrolTotp,
  type NewFactor,
  renewRecoveryCodes,
} from '../usecases/change-factors.ts'
import { prepareSudo, verifySudo } from '../usecases/sudo.ts'

export function factorEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.listFactors, ({ userId }) =>
      asGate(deps, async (tx) => ({
        factors: (await listFactors(tx, userId)).map(toWireFactor),
        recoveryCodesLeft: await countRecoveryCodes(tx, userId),
      })),
    ),
    bind(contract.enrolTotp, (member) => enrolTotp(deps, member)),
    bind(contract.confirmTotp, async (member, { params, body }) =>
      toWireNewFactor(await confirmTotp(deps, member, params.id, body.code)),
    ),
    bind(contract.beginPasskey, async (member) => ({ options: await beginPasskey(deps, member) })),
    bind(contract.addPasskey, async (member, { body }) =>
      toWireNewFactor(await addPasskey(deps, member, body.name, body.passkey)),
    ),
    bind(contract.deleteFactor, async (member, { params }) => {
      await deleteFactor(deps, member, params.id)
      return { ok: true } as const
    }),
    bind(contract.renewRecoveryCodes, async (member) => ({
      recoveryCodes: await renewRecoveryCodes(deps, member),
    })),
    bind(sudo.prepareSudo, (member, { body }) => prepareSudo(deps, member, body.sendEmailCode)),
    bind(sudo.verifySudo, async (member, { body }) => {
      const { sudoToken, expiresAtMs } = await verifySudo(deps, member, body)
      return { sudoToken, expiresAt: toWireTime(expiresAtMs) }
    }),
  ]
}

function toWireNewFactor({ factor, recoveryCodes }: NewFactor) {
  return { factor: toWireFactor(factor), recoveryCodes }
}
