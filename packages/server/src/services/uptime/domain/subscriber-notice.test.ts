import { describe, expect, it } from 'vitest'
import { judgeSending, type Recipient } from './subscriber-notice.ts'

const mailbox: Recipient = { kind: 'email', isConfirmed: true, isOrgSuspended: false, access: 'public' }
const program: Recipient = { ...mailbox, kind: 'webhook' }
const refused = (because: string) => ({ sent: false, because })

describe('a notice to a subscriber', () => {
  it.each([
    ['leaves', mailbox, 'incident.created', 'public', { sent: true, membersOnly: false }],
    ['does not, once unsubscribed', undefined, 'incident.created', 'public', refused('unsubscribed')],
    [
      'does not, to who never agreed',
      { ...mailbox, isConfirmed: false },
      'incident.created',
      'public',
      refused('unsubscribed'),
    ],
    [
      'does not, of a suspended organisation',
      { ...mailbox, isOrgSuspended: true },
      'incident.created',
      'public',
      refused('org_suspended'),
    ],
    ['does not, of what was hidden', mailbox, 'incident.created', 'hidden', refused('incident_hidden')],
    ['does not, of what was deleted', mailbox, 'incident.updated', 'gone', refused('incident_hidden')],
    ['leaves, of an end', mailbox, 'incident.resolved', 'hidden', { sent: true, membersOnly: false }],
    ['leaves, of maintenance', mailbox, 'maintenance.started', 'gone', { sent: true, membersOnly: false }],
    [
      'of a page of members is for members',
      { ...mailbox, access: 'members' },
      'incident.created',
      'public',
      { sent: true, membersOnly: true },
    ],
    [
      'of a page of members is for no program',
      { ...program, access: 'members' },
      'incident.created',
      'public',
      refused('page_hidden'),
    ],
    [
      'of a page with a password leaves',
      { ...program, access: 'password' },
      'incident.created',
      'public',
      { sent: true, membersOnly: false },
    ],
  ] as const)('%s', (_what, recipient, event, visibility, verdict) => {
    expect(judgeSending(recipient, event, visibility)).toEqual(verdict)
  })
})
