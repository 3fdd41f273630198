import { Secret } from '@gatehouse/kernel/secrets'
import { describe, expect, it } from 'vitest'
import { toWireWebhook } from '../usecases/to-wire-webhook.ts'
import { notChosen } from '../domain/preferences.ts'
import { toWireInvitation, toWireInvited, toWireMember, toWireSignedIn } from './to-wire.ts'

const person = { userId: 'u', name: 'Mia', role: 'owner', joinedAtMs: 0 } as const
const invitation = {
  orgId: 'o',
  id: 'i',
  role: 'member',
  invitedBy: 'u',
  expiresAtMs: 1,
  createdAtMs: 0,
} as const
const signedIn = { accessToken: 'a', refreshToken: new Secret('r') }
const webhook = {
  id: 'w',
  service: 'platform',
  registeredBy: null,
  description: '',
  events: [],
  asymmetric: false,
  state: 'enabled',
  disabledBecause: null,
  failingSinceMs: null,
  previousSecretUntilMs: null,
  createdAtMs: 0,
  updatedAtMs: 0,
} as const

describe('hosts-are-shown-as-they-are-typed-where-that-is-safe', () => {
  it.each([
    ['a domain in one script', 'xn--mnchen-3ya.example', 'münchen.example'],
    ['a lookalike', 'xn--pypal-4ve.example', 'xn--pypal-4ve.example'],
    ['a plain domain', 'example.com', 'example.com'],
  ])('%s', (_what, stored, shown) => {
    const [email, shownEmail] = [`mia@${stored}`, `mia@${shown}`]
    const of = { email, shownEmail }
    expect(toWireMember({ ...person, email })).toMatchObject(of)
    expect(toWireInvitation({ ...invitation, email })).toMatchObject(of)
    expect(
      toWireInvited({ invitation: { ...invitation, email }, token: 't', emailSent: false }),
    ).toMatchObject(of)
    const user = { id: 'u', email, name: 'Mia', preferences: notChosen, teamId: 'o', role: 'owner' } as const
    expect(toWireSignedIn({ ...signedIn, user }, { header: () => undefined })).toMatchObject({ user: of })
    const url = `https://${stored}/hook`
    expect(toWireWebhook({ ...webhook, url })).toMatchObject({ url, shownUrl: `https://${shown}/hook` })
  })

  it('an invitation for anybody shows no address', () => {
    expect(toWireInvitation({ ...invitation, email: null })).toMatchObject({ shownEmail: null })
  })
})
