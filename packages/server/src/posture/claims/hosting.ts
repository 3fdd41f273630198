import { type Claim, stateClaim } from '../define-claim.ts'

export const hostingClaims: readonly Claim[] = [
  stateClaim({
    id: 'hosting.certificates',
    control: 'hosting',
    sources: [
      { row: 'M03', says: 'The host has SOC 2 Type II' },
      { row: 'M04', says: 'The host has ISO 27001' },
      { row: 'M05', says: 'The host has ISO 27701' },
      { row: 'M06', says: 'The host has PCI DSS' },
    ],
    sentence: () => ({
      en: 'This instance is hosted by its operator, and no certificate of a host is claimed for it.',
      ja: 'このインスタンスは運用者自身が稼働させており、ホスティング事業者の認証は主張しません。',
    }),
    why: {
      en: 'A certificate of somebody else’s data centre says nothing of a server that stands elsewhere.',
      ja: '他社データセンターの認証は、別の場所にあるサーバーについて何も示しません。',
    },
    owner: 'operations',
    statedBy: 'the operator of this instance',
    document: 'README.md',
    reviewBy: '2027-05-31',
  }),
]
