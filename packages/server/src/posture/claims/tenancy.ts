import { type Claim, defineClaim } from '../define-claim.ts'
import { confinedToTheKey } from '../probes/confined-to-the-key.ts'
import { forceRowSecurity, keepRolesWeak } from '../probes/database-walls.ts'
import { keepOrgsApart } from '../probes/keep-orgs-apart.ts'
import { everyThing, ownMarketThings } from '../probes/things-of-an-org.ts'
import { seeds } from '../seed-sentences.ts'

const risks = { owasp: ['API1', 'API3'], asvs: ['v5.0.0-8.4.1'] } as const

export const tenancyClaims: readonly Claim[] = [
  defineClaim({
    id: 'tenancy.row-security-is-forced',
    control: 'T3',
    sources: seeds('M17', 'C19'),
    sentence: () => ({
      en: 'PostgreSQL itself confines every table of customers to the organisation that asks, whatever the query says.',
      ja: '顧客のすべてのテーブルは、クエリの内容にかかわらず、PostgreSQL自体が要求元の組織に限定します。',
    }),
    why: {
      en: 'A query that forgets whose rows it wants finds none, instead of everybody’s.',
      ja: '対象の組織を指定し忘れたクエリは、全員の行ではなく、何も返しません。',
    },
    owner: 'kernel/db',
    ...risks,
    probe: { kind: 'inside', run: forceRowSecurity },
    method: {
      en: 'Reads the catalog of the database: forced row security, one policy and an index on every table, weak roles.',
      ja: 'データベースのカタログを読み、全テーブルの強制的な行セキュリティ、ポリシー、索引と、ロールの弱さを確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'tenancy.org-comes-from-the-key',
    control: 'T1',
    service: 'uptime',
    sources: seeds('C20', 'C27'),
    sentence: () => ({
      en: 'The organisation comes from the proven credential alone: naming another in a path, header, query or body opens nothing.',
      ja: '組織は認証情報だけで決まります。パス、ヘッダー、クエリ、本文で別の組織を指定しても何も開けません。',
    }),
    why: {
      en: 'What a caller may choose, an attacker chooses too.',
      ja: '呼び出し側が選べるものは、攻撃者も選べるからです。',
    },
    owner: 'server/http',
    ...risks,
    probe: { kind: 'outside', run: confinedToTheKey },
    method: {
      en: 'Makes an incident in one organisation, and names that organisation in every such place with the key of another.',
      ja: 'ある組織でインシデントを作り、別の組織のキーで、各所にその組織を指定して呼び出します。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'tenancy.nothing-is-reached-across',
    control: 'T5',
    sources: seeds('M19', 'A14'),
    sentence: () => ({
      en: "Another organisation's monitors, incidents, decisions and webhooks can be neither read nor changed, and are answered as if they did not exist.",
      ja: '別の組織の監視、インシデント、判断記録、Webhookは、読むことも変えることもできず、存在しないものとして応答します。',
    }),
    why: {
      en: 'This is what customers trust a shared service with.',
      ja: '共有サービスに対する信頼の土台だからです。',
    },
    owner: 'kernel/db',
    ...risks,
    probe: { kind: 'canary', run: keepOrgsApart(everyThing) },
    method: {
      en: 'Makes one of each in an organisation, and tries to read, change and delete it from another, beside an id that never was.',
      ja: 'ある組織で各種の対象を作り、別の組織から閲覧、変更、削除を試み、存在しないIDの応答と比べます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'tenancy.presets-and-subscriptions',
    control: 'T5',
    service: 'volatility',
    sources: seeds('A17'),
    sentence: () => ({
      en: "Presets and subscriptions give nobody a way into another organisation's.",
      ja: 'プリセットや購読を通じて、別の組織のものに触れることはできません。',
    }),
    why: {
      en: 'What customers configure must not become a way around the wall between them.',
      ja: '顧客の設定が、組織間の境界を越える手段になってはなりません。',
    },
    owner: 'server/services/volatility',
    ...risks,
    probe: { kind: 'canary', run: keepOrgsApart(ownMarketThings) },
    method: {
      en: 'Makes a preset and a subscription, and tries to read, change and delete both from another organisation.',
      ja: 'プリセットと購読を作り、別の組織から閲覧、変更、削除を試みます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'tenancy.database-roles-are-weak',
    control: 'T3',
    sources: seeds('M38'),
    sentence: () => ({
      en: 'Work runs under database roles that own nothing, cannot log in, change the schema or step around row security.',
      ja: '処理用のデータベースロールは、何も所有せず、ログイン、スキーマ変更、行セキュリティの回避ができません。',
    }),
    why: {
      en: 'A hole in the program must not be a hole in the database.',
      ja: 'プログラムの欠陥が、データベースの欠陥になってはなりません。',
    },
    owner: 'kernel/db',
    owasp: ['API8'],
    asvs: ['v5.0.0-13.2.2'],
    probe: { kind: 'inside', run: keepRolesWeak },
    method: {
      en: 'Has each role try to make and change tables, make roles, read files and read past row security, and reads its rights from the catalog.',
      ja: '各ロールで、テーブルの作成・変更、ロールの作成、ファイルや行セキュリティ外の読み取りを試み、カタログの権限も読みます。',
    },
    everyMinutes: 60,
  }),
]
