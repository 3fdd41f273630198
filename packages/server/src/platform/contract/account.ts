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
    'Request a password reset link by e-mail; the reply does not disclose whether the address has an account',
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
  summary: 'Set a new password with the token from the e-mail; this ends all sessions of the user',
  description: `The token can be used once and expires after ${policy.passwordResetMinutes} minutes. Second factors of the account stay unchanged.`,
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
  summary: 'Show the page that confirms a new e-mail address',
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
  summary: 'Confirm the new e-mail address of an account; this ends all sessions of the user',
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
  summary: 'Show the page that reverts a change of the e-mail address, for the owner of the old address',
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
  summary: 'Revert a change of the e-mail address; this ends all sessions of the user',
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
  summary: 'Request a verification link for your e-mail address; send its token to POST /auth/verify-email',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'verification' },
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED', 'EMAIL_VERIFIED'],
})

export const changePassword = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/change-password',
  id: 'changePassword',
  summary: 'Change your password; this ends all of your sessions, including the current one',
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
  summary:
    'Request a change of your e-mail address; it takes effect when the link sent to the new address is confirmed',
  description: 'The reply does not disclose whether the new address has an account.',
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
  summary: 'Change your language, time zone and theme',
  description:
    'Omitted fields stay unchanged. `null` resets a field: the dashboard then uses the language and time zone of the browser, and e-mails use the language of the browser that registered the account, and UTC.',
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
  summary: 'Request a code by e-mail that confirms the deletion of the account',
  tag,
  access: { kind: 'session', role: 'viewer', limit: 'deletion-code', wholeAccount: true },
  reply: { status: 200, schema: done },
  problems: ['EMAIL_NOT_CONFIGURED'],
})

export const deleteAccount = defineEndpoint({
  method: 'POST',
  path: '/dashboard/account/delete',
  id: 'deleteAccount',
  summary: `Schedule the deletion of your account in ${policy.deletionDays} days; it can be cancelled until then`,
  description:
    'Confirm with the `code` that was sent by e-mail, or with your `password`. The request is refused while you are the last owner of an organisation with other members. An organisation without other members is deleted together with the account; cancelling the deletion keeps both.',
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
  summary: 'Cancel the scheduled deletion of your account',
  tag,
  access: { kind: 'session', role: 'viewer', wholeAccount: true },
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND'],
})

export const exportAccount = defineEndpoint({
  method: 'GET',
  path: '/dashboard/account/export',
  id: 'exportAccount',
  summary: 'Export all data that this instance stores about you',
  description:
    'The reply is a JSON file with `exportedAt`, `userId` and `records`, which contains the rows of all your organisations by database table. Secrets and their hashes are omitted.',
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
