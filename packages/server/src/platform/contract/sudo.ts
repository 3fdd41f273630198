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
  summary: 'How you can prove who you are once more',
  description:
    'With `sendEmailCode`, a code goes to your verified address, at most one a minute. `passkey` is what the browser needs to use one of your passkeys.',
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
  summary: 'Prove who you are once more, for what can do lasting harm',
  description:
    'The token goes into the header `X-Sudo-Token`, in this session, for 15 minutes. Five failures lock this for 15 minutes.',
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
