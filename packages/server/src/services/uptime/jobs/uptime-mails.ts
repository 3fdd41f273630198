import type { BoundMail } from '../../../mail/index.ts'
import { bindChannelFailedMail } from './channel-failed-mail.ts'
import type { UptimeMailDeps } from './uptime-mail-deps.ts'
import { bindVerifyChannelMail } from './verify-channel-mail.ts'

/** Everything that the service writes to people beside the notices of channels. */
export function uptimeMails(deps: UptimeMailDeps): readonly BoundMail[] {
  return [bindVerifyChannelMail(deps), bindChannelFailedMail(deps)]
}
