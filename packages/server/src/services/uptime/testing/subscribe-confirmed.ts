import type { AskedMails } from '../deps.ts'
import { confirmSubscription } from '../usecases/answer-invitation.ts'
import { keepAsked } from '../usecases/subscribe.ts'
import type { TestUptime } from './test-uptime.ts'

let made = 0

/** Makes a subscriber of a page who has confirmed; gives the token of its links. */
export async function subscribeConfirmed(
  { deps }: Pick<TestUptime, 'deps'>,
  { orgId, serviceId }: { readonly orgId: string; readonly serviceId: string },
  email: string,
  asked: Partial<Pick<AskedMails, 'componentIds' | 'language'>> = {},
): Promise<string> {
  const token = `token-${(made += 1)}`
  await keepAsked(deps, orgId, { serviceId, email, componentIds: [], language: 'en', ...asked }, token)
  const result = await confirmSubscription(deps, token)
  if (result !== 'confirmed') throw new Error(`The subscription is ${result}`)
  return token
}
