import { type Claim, stateClaim } from '../define-claim.ts'
import { seeds } from '../seed-sentences.ts'

const byOperator = {
  control: 'hosting',
  owner: 'operations',
  statedBy: 'the operator of this instance',
  document: 'README.md',
  reviewBy: '2027-05-31',
} as const

/** Claims that depend on where the instance runs, and who runs it. */
export const hostingClaims: readonly Claim[] = [
  stateClaim({
    ...byOperator,
    id: 'hosting.certificates',
    sources: seeds('M03', 'M04', 'M05', 'M06'),
    sentence: () => ({
      en: 'This instance is hosted by its operator. Certificates of a host (SOC 2, ISO/IEC 27001 and 27701, PCI DSS): none claimed.',
      ja: 'このインスタンスは運用者自身が稼働させています。ホスティング事業者の認証（SOC 2、ISO/IEC 27001・27701、PCI DSS）は主張しません。',
    }),
    why: {
      en: 'A certificate of somebody else’s data centre says nothing of a server that stands elsewhere.',
      ja: '他社データセンターの認証は、別の場所にあるサーバーについて何も示しません。',
    },
  }),
  stateClaim({
    ...byOperator,
    id: 'hosting.operating-system',
    sources: seeds('M02'),
    sentence: () => ({
      en: 'This instance runs on a machine of its operator, who keeps its operating system current; nothing serverless is claimed.',
      ja: 'このインスタンスは運用者の機械で動作し、OSの更新は運用者が行います。サーバーレスであるとは主張しません。',
    }),
    why: {
      en: 'Whoever relies on it should know that there is a machine, and who looks after it.',
      ja: '機械が存在し、誰が管理しているかを、利用者が知っておくべきだからです。',
    },
  }),
  stateClaim({
    ...byOperator,
    id: 'hosting.disks',
    sources: seeds('M07', 'C23'),
    sentence: () => ({
      en: 'Whether the disks beneath the database are encrypted is up to whoever runs this instance; Gatehouse claims it for none.',
      ja: 'データベースのディスクが暗号化されているかは、このインスタンスの運用者によります。Gatehouseとしては主張しません。',
    }),
    why: {
      en: 'A sentence about hardware that nobody here can see would not be honest.',
      ja: '確認できないハードウェアについて述べるのは、誠実ではないからです。',
    },
  }),
  stateClaim({
    ...byOperator,
    id: 'hosting.key-store',
    sources: seeds('C24'),
    sentence: () => ({
      en: "The server's own keys come from files or the environment; whether a key store of the host stands behind those is up to whoever runs this instance.",
      ja: 'サーバー自身の鍵はファイルまたは環境変数から読みます。その背後にホストの鍵管理サービスを置くかは、運用者によります。',
    }),
    why: {
      en: 'Gatehouse works with any key store that can hand over a file, and cannot see which.',
      ja: 'Gatehouseはファイルを渡せるどの鍵管理サービスとも使えますが、どれかは分かりません。',
    },
  }),
]
