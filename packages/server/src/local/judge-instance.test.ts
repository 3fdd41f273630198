import { expect, it } from 'vitest'
import { type InstanceFacts, judgeInstance } from './judge-instance.ts'

const nowMs = Date.UTC(2026, 5, 1)
const dayMs = 86_400_000
const well: InstanceFacts = {
  clockAheadMs: 1_000,
  freeBytes: 2 * 1_024 ** 3,
  isMailSet: true,
  isOperatorNamed: true,
  isPublicUrlSet: true,
  certificateEndsMs: nowMs + 14 * dayMs,
  takesQueryKeys: false,
  egressAllow: '',
  targets: { orgs: 2, acknowledged: 2 },
  plainTransports: [],
}
const warningsOf = (facts: Partial<InstanceFacts>) =>
  judgeInstance({ ...well, ...facts }, nowMs).flatMap(({ about, state, sentence }) =>
    state === 'warning' ? [{ about, sentence }] : [],
  )

it('an instance that is well has a line for each part, and no warning', () => {
  expect(warningsOf({})).toEqual([])
  expect(judgeInstance(well, nowMs).map(({ about }) => about)).toEqual([
    'clock',
    'disk',
    'mail',
    'security reports',
    'certificate',
    'keys in URLs',
    'egress',
    'targets',
  ])
  expect(warningsOf({ certificateEndsMs: undefined })).toEqual([])
})

it.each<[promise: string, facts: Partial<InstanceFacts>, about: string, todo: string]>([
  [
    'doctor-warns-of-keys-in-urls, and says how to be rid of them',
    { takesQueryKeys: true },
    'keys in URLs',
    'Switch it off',
  ],
  ['a clock that is too far ahead', { clockAheadMs: 1_001 }, 'clock', 'NTP'],
  ['a clock that is too far behind', { clockAheadMs: -1_001 }, 'clock', 'NTP'],
  ['a disk that is nearly full', { freeBytes: 2 * 1_024 ** 3 - 1 }, 'disk', 'GATEHOUSE_DATA'],
  ['nobody who hears of reports', { isOperatorNamed: false }, 'security reports', 'GATEHOUSE_ADMINS'],
  ['no mail server', { isMailSet: false }, 'mail', 'SMTP_URL'],
  ['links that lead nowhere', { isPublicUrlSet: false }, 'links', 'GATEHOUSE_PUBLIC_URL'],
  ['a certificate that ends soon', { certificateEndsMs: nowMs + 14 * dayMs - 1 }, 'certificate', '13 days'],
  ['a certificate that has ended', { certificateEndsMs: nowMs }, 'certificate', 'expired'],
  ['networks of its own', { egressAllow: '10.0.0.0/8' }, 'egress', '10.0.0.0/8'],
  ['a way that is not verified', { plainTransports: ['use TLS'] }, 'transport', 'use TLS'],
])('%s', (_promise, facts, about, todo) => {
  expect(warningsOf(facts)).toEqual([{ about, sentence: expect.stringContaining(todo) as string }])
})
