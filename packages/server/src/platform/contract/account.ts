import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { done, time, timeZone } from '../../service/shapes.ts'
import { languages } from '../domain/language.ts'
import { themes } from '../domain/preferences.ts'
import { email, exactlyOne, mailedCode, password, preferences, token } from './shapes.ts'

const auth = { name: 'auth', by: 'ip' } as const
const tag = 'account'

export const forgotPassword = defineEndpoint({
  method: 'POST',
  path: '/auth/forgot-password',
  id: 'forgotPassword',
  summary:
    'Have a link mailed that sets a new password; the reply never says whether the address has an account',
  tag,
  access: { kind: 'public', because: 'People who forgot their password cannot log in', limit: auth },
  body: z.strictObject({ email }),
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED'],
})

export const resetPassword = defineEndpoint({
  method: 'POST',
  path: '/auth/reset-password',
  id: 'resetPassword',
  summary: 'Set a new password with the token from the mail; every session of the person ends',
  description: `The token works once, for ${policy.passwordResetMinutes} minutes. A second factor stays as it is.`,
  tag,
  access: { kind: 'public', because: 'The token is the proof', limit: auth },
  body: z.strictObject({ token, password }),
  reply: { status: 200, schema: done },
  problems: ['EXPIRED_TOKEN'],
})

const byToken = z.strictObject({ token })
const page = { status: 200, mediaType: 'text/html; charset=utf-8', otherStatuses: [400] } as const
const byLink = { kind: 'public', because: 'The link in the mail is the proof', limit: auth } as const

/** Opening the link changes nothing, because mail filters open links too; the button on the page makes the change. */
export const openEmailChange = defineEndpoint({
  method: 'GET',
  path: '/auth/confirm-email-change',
  id: 'openEmailChange',
  summary: 'Show the page on which a person confirms a new address',
  tag,
  access: byLink,
  query: byToken,
  reply: page,
  problems: [],
})

export const confirmEmailChange = defineEndpoint({
  method: 'POST',
  path: '/auth/confirm-email-change',
  id: 'confirmEmailChange',
  summary: 'Make the new address the one of the account; every session of the person ends',
  tag,
  access: byLink,
  query: byToken,
  body: z.strictObject({}),
  reply: page,
  problems: [],
})

export const openEmailUndo = defineEndpoint({
  method: 'GET',
  path: '/auth/undo-email-change',
  id: 'openEmailUndo',
  summary: 'Show the page on which the person at the old address takes a change back',
  tag,
  access: byLink,
  query: byToken,
  reply: page,
  problems: [],
})

export const undoEmailChange = defineEndpoint({
  method: 'POST',
  path: '/auth/undo-email-change',
  id: 'undoEmailChange',
  summary: 'Give the account its old address back; every session of the person ends',
  tag,
  access: byLink,
  query: byToken,
  body: z.strictObject({}),
  reply: page,
  problems: [],
})

export const sendVerificationAgain = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/send-verification',
  id: 'sendVerificationAgain',
  summary: 'Have a link mailed that proves your address; its token goes to POST /auth/verify-email',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'verification' },
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED', 'EMAIL_VERIFIED'],
})

export const changePassword = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/change-password',
  id: 'changePassword',
  summary: 'Change your password; every session of yours ends, this one included',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'change-password', wholeAccount: true },
  body: z.strictObject({ currentPassword: password, newPassword: password }),
  reply: { status: 200, schema: done },
  problems: [],
})

export const changeEmail = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/change-email',
  id: 'changeEmail',
  summary: 'Ask for another address; it becomes yours once the link mailed to it is confirmed',
  description: 'The reply never says whether the new address has an account.',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'change-email', wholeAccount: true },
  body: z.strictObject({ newEmail: email, password }),
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED'],
})

/** Also open to a session of an issuer: people who have no other session choose here. */
export const setPreferences = defineEndpoint({
  method: 'PUT',
  path: '/dashboard/account/preferences',
  id: 'setPreferences',
  summary: 'Choose the language, the time zone and the theme in which you are shown things',
  description:
    'What is not named stays. `null` takes a choice back: then the language and the time zone of the browser hold, and mails are in the language of the browser that made the account, and in UTC.',
  tag,
  access: { kind: 'session', role: 'viewer' },
  body: z
    .strictObject({
      language: z.enum(languages).nullable().optional(),
      timeZone: timeZone.nullable().optional(),
      theme: z.enum(themes).optional(),
    })
    .refine((body) => Object.keys(body).length > 0, 'must name at least one preference')
    .meta({ id: 'PreferenceChange' }),
  reply: { status: 200, schema: z.strictObject(preferences).meta({ id: 'Preferences' }) },
  example: { body: { language: 'ja', timeZone: 'Asia/Tokyo', theme: 'dark' } },
  problems: [],
})

export const requestDeletionCode = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/request-deletion-code',
  id: 'requestDeletionCode',
  summary: 'Have a code mailed with which the account can be deleted',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'deletion-code', wholeAccount: true },
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED'],
})

export const deleteAccount = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/delete',
  id: 'deleteAccount',
  summary: `Delete your account in ${policy.deletionDays} days, unless you change your mind`,
  description:
    'Proven by `code`, which was mailed, or by `password`. The last owner of an organisation with other members hands it over first. An organisation of nobody else is deleted with the account, and kept with it.',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'delete-account', wholeAccount: true },
  body: z
    .strictObject({ code: mailedCode.optional(), password: password.optional() })
    .refine(exactlyOne, 'must hold either the code or the password')
    .meta({ id: 'DeletionProof' }),
  reply: { status: 200, schema: z.strictObject({ deletionScheduledAt: time }) },
  example: { body: { code: '4920 3918' } },
  problems: ['EXPIRED_TOKEN', 'LAST_OWNER'],
})

export const cancelDeletion = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/cancel-deletion',
  id: 'cancelDeletion',
  summary: 'Keep your account after all',
  tag,
  access: { kind: 'session', role: 'viewer', wholeAccount: true },
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const exportAccount = defineEndpoint({
  method: 'GET',
  path: '/dashboard/account/export',
  id: 'exportAccount',
  summary: 'Take everything that this instance holds about you',
  description:
    'A JSON file: `exportedAt`, `userId`, and `records`, which holds rows by the table that they come from, of all your organisations. Secrets and their digests are left out.',
  tag,
  access: { kind: 'session', role: 'viewer', sudo: true, limit: 'export-account', wholeAccount: true },
  reply: { status: 200, mediaType: 'application/json; charset=utf-8' },
  problems: [],
})

export const accountEndpoints = [
  forgotPassword,
  resetPassword,
  openEmailChange,
  confirmEmailChange,
  openEmailUndo,
  undoEmailChange,
  sendVerificationAgain,
  changePassword,
  changeEmail,
  setPreferences,
  requestDeletionCode,
  deleteAccount,
  cancelDeletion,
  exportAccount,
]
