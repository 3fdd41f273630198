import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { sudoMethods } from '../domain/factor.ts'
import { assertion, requestOptions } from '../../service/passkeys.ts'
import { time } from '../../service/shapes.ts'
import { exactlyOne, mailedCode, password, token, totpCode } from './shapes.ts'

const tag = 'account'
const own = { kind: 'session', role: 'viewer' } as const

export const prepareSudo = defineEndpoint({
  method: 'POST',
  path: '/dashboard/sudo/options',
  id: 'prepareSudo',
  summary: 'List the methods with which you can re-authenticate',
  description:
    'With `sendEmailCode`, a code is sent to your verified e-mail address, at most once a minute. `passkey` contains the WebAuthn options for using one of your passkeys.',
  tag,
  access: own,
  body: z.strictObject({ sendEmailCode: z.boolean().default(false) }),
  reply: {
    status: 200,
    schema: z
      .strictObject({
        methods: z.array(z.enum(sudoMethods)),
        passkey: requestOptions.nullable(),
        emailSent: z.boolean(),
      })
      .meta({ id: 'SudoMethods' }),
  },
  problems: ['EMAIL_NOT_CONFIGURED', 'EMAIL_UNVERIFIED'],
})

export const verifySudo = defineEndpoint({
  method: 'POST',
  path: '/dashboard/sudo/verify',
  id: 'verifySudo',
  summary: 'Re-authenticate before a sensitive operation',
  description:
    'Send the returned token in the header `X-Sudo-Token`. It is valid for 15 minutes, in this session only. After five failed attempts, re-authentication is locked for 15 minutes.',
  tag,
  access: own,
  body: z
    .strictObject({
      password: password.optional(),
      totpCode: totpCode.optional(),
      emailCode: mailedCode.optional(),
      passkey: assertion.optional(),
      issuerTicket: token.optional(),
    })
    .refine(exactlyOne, 'must hold exactly one of password, totpCode, emailCode, passkey and issuerTicket')
    .meta({ id: 'SudoProof' }),
  reply: {
    status: 200,
    schema: z.strictObject({ sudoToken: z.string(), expiresAt: time }).meta({ id: 'SudoToken' }),
  },
  example: { body: { totpCode: '492039' } },
  problems: ['PROOF_REFUSED', 'SUDO_LOCKED'],
  revealsSecret: true,
  secretMembers: ['sudoToken'],
})

export const sudoEndpoints = [prepareSudo, verifySudo]
