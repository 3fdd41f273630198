import { asGate } from '@gatehouse/kernel/db'
import { type BoundJob, bindJob } from '@gatehouse/kernel/jobs'
import { sendAccountExists } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { accountExistsWords } from '../mails/mail-words.ts'
import { findAccountByEmail } from '../store/user-store.ts'
import { post } from './post.ts'

export function bindSendAccountExists(deps: PlatformDeps): BoundJob {
  return bindJob(sendAccountExists, async ({ email }, { signal }) => {
    const account = await asGate(deps, (tx) => findAccountByEmail(tx, email))
    if (account === undefined) return
    const words = accountExistsWords(account.language, {
      name: account.name,
      url: `${deps.publicUrl()}/login`,
    })
    await post(deps, sendAccountExists.name, account, words, signal)
  })
}
