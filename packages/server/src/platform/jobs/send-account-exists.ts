import { asGate } from '@gatehouse/kernel/db'
import { bindMail, type BoundMail } from '../../mail/index.ts'
import { sendAccountExists } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { toGreeted } from '../mails/greet.ts'
import { accountExistsWords } from '../mails/mail-words.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { postAsked } from './post-asked.ts'

export function bindSendAccountExists(deps: PlatformDeps): BoundMail {
  return bindMail(sendAccountExists, async ({ email }, context) => {
    const account = await asGate(deps, (tx) => findAccountByEmail(tx, email))
    if (account === undefined) return
    const words = accountExistsWords(account.language, {
      name: toGreeted(account),
      url: `${deps.publicUrl()}/app/login`,
    })
    await postAsked(deps, sendAccountExists.name, account, words, context)
  })
}
