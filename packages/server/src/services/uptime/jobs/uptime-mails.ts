import type { BoundMail } from '../../../mail/index.ts'
import { bindChannelFailedMail } from './channel-failed-mail.ts'
import { bindDomainMissingMail } from './domain-missing-mail.ts'
import { bindInviteSubscriberMail } from './invite-subscriber-mail.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'
import { bindVerifyChannelMail } from './verify-channel-mail.ts'

/** All mails of the service except the notifications of channels. */
export function uptimeMails(deps: UptimeMailDeps): readonly BoundMail[] {
  return [
    bindVerifyChannelMail(deps),
    bindChannelFailedMail(deps),
    bindInviteSubscriberMail(deps),
    bindDomainMissingMail(deps),
  ]
}
