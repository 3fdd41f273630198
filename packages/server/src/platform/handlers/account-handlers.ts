import { type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import { Problem } from '@gatehouse/kernel/problem'
import type { accountEndpoints } from '../contract/account.ts'
import type { PlatformDeps } from '../deps.ts'
import { toLanguage } from '../domain/language.ts'
import { forgetCookie } from './session-cookie.ts'
import { toTime } from '../../service/shapes.ts'
import { cancelDeletion } from '../usecases/cancel-deletion.ts'
import { changeEmail } from '../usecases/change-email.ts'
import { changePassword } from '../usecases/change-password.ts'
import { confirmEmailChange, isLinkOpen } from '../usecases/confirm-email-change.ts'
import { deleteAccount } from '../usecases/delete-account.ts'
import { exportAccount } from '../usecases/export-account.ts'
import { forgotPassword } from '../usecases/forgot-password.ts'
import { requestDeletionCode } from '../usecases/request-deletion-code.ts'
import { resetPassword } from '../usecases/reset-password.ts'
import { sendVerificationAgain } from '../usecases/send-verification-again.ts'
import { setPreferences } from '../usecases/set-preferences.ts'
import { undoEmailChange } from '../usecases/undo-email-change.ts'
import { renderEmailChangePage } from './email-change-pages.ts'

const done = { ok: true } as const

export function accountHandlers(deps: PlatformDeps): HandlersOf<typeof accountEndpoints> {
  return {
    forgotPassword: async (_visitor, { body }, context) => {
      await forgotPassword(deps, body.email, context)
      return done
    },
    resetPassword: async (_visitor, { body }, context) => {
      await resetPassword(deps, body, context)
      return done
    },
    openEmailChange: async (_visitor, { query }, { header }) => {
      const isOpen = await isLinkOpen(deps, 'change_email', query.token)
      return renderEmailChangePage(
        'email_change',
        isOpen ? 'ask' : 'expired',
        toLanguage(header('accept-language')),
      )
    },
    confirmEmailChange: async (_visitor, { query }, context) => {
      const isDone = await isStillGood(confirmEmailChange(deps, query.token, context))
      const language = toLanguage(context.header('accept-language'))
      return renderEmailChangePage('email_change', isDone ? 'done' : 'expired', language)
    },
    openEmailUndo: async (_visitor, { query }, { header }) => {
      const isOpen = await isLinkOpen(deps, 'undo_email', query.token)
      return renderEmailChangePage(
        'email_undo',
        isOpen ? 'ask' : 'expired',
        toLanguage(header('accept-language')),
      )
    },
    undoEmailChange: async (_visitor, { query }, context) => {
      const isDone = await isStillGood(undoEmailChange(deps, query.token, context))
      const language = toLanguage(context.header('accept-language'))
      return renderEmailChangePage('email_undo', isDone ? 'done' : 'expired', language)
    },
    sendVerificationAgain: async (member) => {
      await sendVerificationAgain(deps, member)
      return done
    },
    changePassword: async (member, { body }, context) => {
      await changePassword(deps, member, body)
      return forgetCookie(done, context)
    },
    changeEmail: async (member, { body }) => {
      await changeEmail(deps, member, body)
      return done
    },
    setPreferences: (member, { body }) => setPreferences(deps, member, body),
    requestDeletionCode: async (member) => {
      await requestDeletionCode(deps, member)
      return done
    },
    deleteAccount: async (member, { body }) => ({
      deletionScheduledAt: toTime(await deleteAccount(deps, member, body)),
    }),
    cancelDeletion: async (member) => {
      await cancelDeletion(deps, member)
      return done
    },
    exportAccount: async (member) =>
      new RawReply(await exportAccount(deps, member), {
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="gatehouse-account.json"',
      }),
  }
}

/** Whether the action succeeded; false for a spent link, which the page then shows to the person. */
async function isStillGood(act: Promise<void>): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'EXPIRED_TOKEN') return false
    throw error
  }
}
