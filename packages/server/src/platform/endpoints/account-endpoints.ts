import { bind, type BoundEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { Problem } from '@gatehouse/kernel/problem'
import * as contract from '../contract/account.ts'
import type { PlatformDeps } from '../deps.ts'
import { toLanguage } from '../domain/language.ts'
import { forgetCookie } from '../session-cookie.ts'
import { toWireTime } from '../to-wire.ts'
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
import { undoEmailChange } from '../usecases/undo-email-change.ts'
import { renderLinkPage } from './render-link-page.ts'

const done = { ok: true } as const

export function accountEndpoints(deps: PlatformDeps): readonly BoundEndpoint[] {
  return [
    bind(contract.forgotPassword, async (_visitor, { body }, context) => {
      await forgotPassword(deps, body.email, context)
      return done
    }),
    bind(contract.resetPassword, async (_visitor, { body }, context) => {
      await resetPassword(deps, body, context)
      return done
    }),
    bind(contract.openEmailChange, async (_visitor, { query }, { header }) => {
      const isOpen = await isLinkOpen(deps, 'change_email', query.token)
      return renderLinkPage('email_change', isOpen ? 'ask' : 'expired', toLanguage(header('accept-language')))
    }),
    bind(contract.confirmEmailChange, async (_visitor, { query }, context) => {
      const isDone = await isStillGood(confirmEmailChange(deps, query.token, context))
      const language = toLanguage(context.header('accept-language'))
      return renderLinkPage('email_change', isDone ? 'done' : 'expired', language)
    }),
    bind(contract.openEmailUndo, async (_visitor, { query }, { header }) => {
      const isOpen = await isLinkOpen(deps, 'undo_email', query.token)
      return renderLinkPage('email_undo', isOpen ? 'ask' : 'expired', toLanguage(header('accept-language')))
    }),
    bind(contract.undoEmailChange, async (_visitor, { query }, context) => {
      const isDone = await isStillGood(undoEmailChange(deps, query.token, context))
      const language = toLanguage(context.header('accept-language'))
      return renderLinkPage('email_undo', isDone ? 'done' : 'expired', language)
    }),
    bind(contract.sendVerificationAgain, async (member) => {
      await sendVerificationAgain(deps, member)
      return done
    }),
    bind(contract.changePassword, async (member, { body }, context) => {
      await changePassword(deps, member, body)
      return forgetCookie(done, context)
    }),
    bind(contract.changeEmail, async (member, { body }) => {
      await changeEmail(deps, member, body)
      return done
    }),
    bind(contract.requestDeletionCode, async (member) => {
      await requestDeletionCode(deps, member)
      return done
    }),
    bind(contract.deleteAccount, async (member, { body }) => ({
      deletionScheduledAt: toWireTime(await deleteAccount(deps, member, body)),
    })),
    bind(contract.cancelDeletion, async (member) => {
      await cancelDeletion(deps, member)
      return done
    }),
    bind(
      contract.exportAccount,
      async (member) =>
        new RawReply(await exportAccount(deps, member), {
          'cache-control': 'no-store',
          'content-disposition': 'attachment; filename="gatehouse-account.json"',
        }),
    ),
  ]
}

/** A person looks at a page here, so a spent link is shown as one. */
async function isStillGood(act: Promise<void>): Promise<boolean> {
  try {
    await act
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'EXPIRED_TOKEN') return false
    throw error
  }
}
