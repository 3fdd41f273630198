import { type Claim, defineClaim } from '../define-claim.ts'
import { judgeRowSecurity } from '../probes/tenancy.ts'

export const tenancyClaims: readonly Claim[] = [
  defineClaim({
    id: 'tenancy.row-security-is-forced',
    control: 'T3',
    sources: [
      { row: 'M17', says: 'All queries are scoped by team_id' },
      { row: 'C19', says: 'Every row is scoped to org_id' },
    ],
    sentence: () => ({
      en: 'PostgreSQL itself confines every table of customers to the organisation that asks, whatever the query says.',
      ja: '顧客のすべてのテーブルは、クエリの内容にかかわらず、PostgreSQL自体が要求元の組織に限定します。',
    }),
    why: {
      en: 'A query that forgets whose rows it wants finds none, instead of everybody’s.',
      ja: '対象の組織を指定し忘れたクエリは、全員の行ではなく、何も返しません。',
    },
    owner: 'kernel/db',
    owasp: ['API1'],
    asvs: ['v5.0.0-8.4.1'],
    probe: { kind: 'inside', run: judgeRowSecurity },
    method: {
      en: 'Reads the catalog of the database: forced row security, one policy and an index on every table, weak roles.',
      ja: 'データベースのカタログを読み、全テーブルの強制的な行セキュリティ、ポリシー、索引と、ロールの弱さを確かめます。',
    },
    everyMinutes: 60,
  }),
]
