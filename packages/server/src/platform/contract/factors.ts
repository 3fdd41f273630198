import { defineEndpoint, displayName } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { factorKinds } from '../domain/factor.ts'
import { creationOptions, registration } from '../../service/passkeys.ts'
import { byId, done, time } from '../../service/shapes.ts'
import { totpCode } from './shapes.ts'

const tag = 'account'
const own = { kind: 'session', role: 'viewer', wholeAccount: true } as const
const ownAnew = { ...own, sudo: true } as const

const factor = z
  .strictObject({
    id: z.string(),
    type: z.enum(factorKinds),
    name: z.string(),
    createdAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Factor' })

/** Ten codes, shown in this reply only; null when the person keeps the earlier ones. */
const newRecoveryCodes = z.array(z.string()).nullable()
const newFactor = z.strictObject({ factor, recoveryCodes: newRecoveryCodes }).meta({ id: 'NewFactor' })

export const listFactors = defineEndpoint({
  method: 'GET',
  path: '/dashboard/account/factors',
  id: 'listFactors',
  summary: 'List your second factors and the number of unused recovery codes',
  tag,
  access: own,
  reply: {
    status: 200,
    schema: z.strictObject({ factors: z.array(factor), recoveryCodesLeft: z.int() }),
  },
  problems: [],
})

export const enrolTotp = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/factors/totp',
  id: 'enrolTotp',
  summary: 'Start the registration of an authenticator app (TOTP); the secret is shown once',
  description:
    'The authenticator app becomes a second factor when one of its codes has been confirmed. Starting again discards an unconfirmed registration.',
  tag,
  access: ownAnew,
  reply: {
    status: 201,
    schema: z.strictObject({ id: z.string(), secret: z.string(), otpauthUri: z.string() }),
  },
  problems: ['FACTOR_EXISTS'],
  revealsSecret: true,
  secretMembers: ['secret', 'otpauthUri'],
})

export const confirmTotp = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/factors/totp/{id}/confirm',
  id: 'confirmTotp',
  summary: 'Confirm the authenticator app with one of its codes; this ends your other sessions',
  description:
    'If this is your first second factor, the reply contains ten recovery codes, which are shown once.',
  tag,
  access: ownAnew,
  params: byId,
  body: z.strictObject({ code: totpCode }),
  reply: { status: 200, schema: newFactor },
  problems: ['NOT_FOUND', 'PROOF_REFUSED', 'FACTOR_EXISTS'],
  revealsSecret: true,
  secretMembers: ['recoveryCodes'],
})

export const beginPasskey = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/factors/passkeys/options',
  id: 'beginPasskey',
  summary: 'Get the WebAuthn options for creating a passkey',
  tag,
  access: ownAnew,
  reply: { status: 200, schema: z.strictObject({ options: creationOptions }) },
  problems: ['PASSKEYS_UNAVAILABLE', 'FACTOR_LIMIT_REACHED'],
})

export const addPasskey = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/factors/passkeys',
  id: 'addPasskey',
  summary: 'Register a passkey that the browser has created; this ends your other sessions',
  description:
    'If this is your first second factor, the reply contains ten recovery codes, which are shown once.',
  tag,
  access: ownAnew,
  body: z.strictObject({ name: displayName(100), passkey: registration }),
  reply: { status: 201, schema: newFactor },
  problems: ['PASSKEYS_UNAVAILABLE', 'PROOF_REFUSED', 'FACTOR_EXISTS', 'FACTOR_LIMIT_REACHED'],
  revealsSecret: true,
  secretMembers: ['recoveryCodes'],
})

export const deleteFactor = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/account/factors/{id}',
  id: 'deleteFactor',
  summary: 'Remove a second factor; this ends your other sessions',
  description: 'Removing the last second factor also deletes the recovery codes.',
  tag,
  access: ownAnew,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const renewRecoveryCodes = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/factors/recovery-codes',
  id: 'renewRecoveryCodes',
  summary: 'Replace your recovery codes; the ten new ones are shown once',
  tag,
  access: ownAnew,
  reply: { status: 201, schema: z.strictObject({ recoveryCodes: z.array(z.string()) }) },
  problems: ['NOT_FOUND'],
  revealsSecret: true,
  secretMembers: ['recoveryCodes'],
})

export const factorEndpoints = [
  listFactors,
  enrolTotp,
  confirmTotp,
  beginPasskey,
  addPasskey,
  deleteFactor,
  renewRecoveryCodes,
]
