import { type Claim, defineClaim } from '../define-claim.ts'
import { findNoBillingKey } from '../probes/find-no-billing-key.ts'
import { readSbom } from '../probes/read-sbom.ts'
import { seeds } from '../seed-sentences.ts'

export const supplyChainClaims: readonly Claim[] = [
  defineClaim({
    id: 'supply-chain.bill-of-materials',
    control: 'operations',
    sources: seeds('C21'),
    sentence: () => ({
      en: 'What this instance is made of stands at /.well-known/sbom.json: a CycloneDX 1.6 bill of materials of the running build.',
      ja: '稼働中のビルドの構成は、CycloneDX 1.6の部品表として/.well-known/sbom.jsonで公開しています。',
    }),
    why: {
      en: 'When a package turns out to be vulnerable, anybody can see whether it is in here.',
      ja: 'パッケージの脆弱性が判明したとき、含まれているかを誰でも確認できます。',
    },
    owner: 'server/sbom',
    owasp: ['API9'],
    asvs: ['v5.0.0-15.1.2'],
    probe: { kind: 'outside', run: readSbom },
    method: {
      en: 'Fetches and parses it: its version, and for each package its origin and hash.',
      ja: '取得して解析し、版と、各パッケージの出所およびハッシュを確かめます。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'supply-chain.no-billing-key-is-served',
    control: 'operations',
    sources: seeds('A23'),
    sentence: () => ({
      en: 'Keys of the payment provider stay on the server: none is in any page, script or document that is served.',
      ja: '決済サービスの鍵はサーバーにのみ置き、公開するページ、スクリプト、文書には含めません。',
    }),
    why: {
      en: 'Whoever holds that key acts for everybody who pays.',
      ja: 'その鍵があれば、支払う全員の名で操作できるからです。',
    },
    owner: 'dashboard',
    owasp: ['API3', 'API8'],
    asvs: ['v5.0.0-13.3.1'],
    probe: { kind: 'outside', run: findNoBillingKey },
    method: {
      en: 'Follows the links of the dashboard and the documentation to every asset, and searches each.',
      ja: 'ダッシュボードと文書のリンクをたどり、すべての公開物を検索します。',
    },
    everyMinutes: 1_440,
  }),
]
