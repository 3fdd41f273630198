import type { Sentence } from '../sentence.ts'
import { type Claim, defineClaim, type VerifiedClaim } from '../define-claim.ts'
import type { ServiceName } from '../probes/ask.ts'
import { diesOnRevocation, diesOnRotation } from '../probes/dies-at-once.ts'
import { haveTheirFormat } from '../probes/have-their-format.ts'
import { keysBelongToOneOrg } from '../probes/keep-orgs-apart.ts'
import { keepDigests, keepPrefixes } from '../probes/stored-form.ts'
import { type SeedRow, seeds } from '../seed-sentences.ts'

const owner = 'kernel/keys'

/** As the dashboard calls them. */
const serviceNames: Readonly<Record<ServiceName, Sentence>> = {
  uptime: { en: 'Uptime', ja: '稼働監視' },
  oversight: { en: 'Oversight', ja: '人による監督' },
  volatility: { en: 'Volatility', ja: 'ボラティリティ' },
}

function formatOf(service: ServiceName, bitsMin: number, rows: readonly SeedRow[]): VerifiedClaim {
  return defineClaim({
    id: `keys.format-of-${service}`,
    control: 'K1',
    service,
    sources: seeds(...rows),
    sentence: (policy) => {
      const { prefixes = [], bodyLength = 0, alphabet = '' } = policy[service].keyShape ?? {}
      const bits = Math.floor(bodyLength * Math.log2(alphabet.length || 1))
      const literals = prefixes.join(' / ')
      return {
        en: `Keys of ${serviceNames[service].en} begin with ${literals} and hold ${bodyLength} characters drawn by chance: ${bits} bits.`,
        ja: `${serviceNames[service].ja}のAPIキーは${literals}で始まり、続く${bodyLength}文字は無作為に選ばれます（${bits}ビット）。`,
      }
    },
    why: {
      en: 'A key that nobody can guess needs no other defence against guessing, and one that is recognised can be found where it leaked.',
      ja: '推測できないキーは総当たりに耐え、形が決まったキーは漏えい先で見つけられます。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-11.5.1'],
    probe: { kind: 'outside', run: haveTheirFormat(service, bitsMin) },
    method: {
      en: 'Makes two keys and compares their form with the policy, and each with the other.',
      ja: 'キーを2つ作り、形式をポリシーと、また互いに比べます。',
    },
    everyMinutes: 360,
  })
}

export const keyClaims: readonly Claim[] = [
  formatOf('uptime', 256, ['M14']),
  formatOf('oversight', 130, ['C04']),
  formatOf('volatility', 128, ['A14']),
  defineClaim({
    id: 'keys.are-kept-as-peppered-hashes',
    control: 'K2',
    service: 'oversight',
    sources: seeds('M15', 'C02'),
    sentence: () => ({
      en: 'Of a key we keep an HMAC-SHA-256 under a secret pepper, never the key itself nor a plain hash of it.',
      ja: 'キーは秘密のペッパーを用いたHMAC-SHA-256の値だけを保存し、キー自体も、単純なハッシュも保存しません。',
    }),
    why: {
      en: 'A stolen database opens nothing, and does not even let anybody test a key.',
      ja: 'データベースが盗まれても、キーとして使えず、照合にも使えません。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-11.4.1'],
    probe: { kind: 'inside', run: keepDigests },
    method: {
      en: 'Makes a key and compares the stored digest with the plain SHA-256 of the key.',
      ja: 'キーを作り、保存された値を、そのキーの単純なSHA-256と比べます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'keys.only-a-prefix-is-kept-in-clear',
    control: 'K2',
    sources: seeds('M16', 'C29'),
    sentence: ({ uptime, oversight, volatility }) => {
      const [mk, ck, ak] = [uptime, oversight, volatility].map(({ keyShape }) => keyShape?.visibleLength ?? 0)
      return {
        en: `Only the first characters of a key are kept in clear: ${mk} (Uptime), ${ck} (Oversight), ${ak} (Volatility). They are no secret.`,
        ja: `平文で保存するのはキーの先頭だけです：稼働監視は${mk}文字、人による監督は${ck}文字、ボラティリティは${ak}文字。この部分は秘密ではありません。`,
      }
    },
    why: {
      en: 'People can tell their keys apart in lists and logs without anybody being able to use them.',
      ja: '一覧やログでキーを見分けられても、その情報でキーを使うことはできません。',
    },
    owner,
    asvs: ['v5.0.0-14.2.4'],
    probe: { kind: 'inside', run: keepPrefixes },
    method: {
      en: 'Makes a key of each service and searches its stored row for more than may stand there.',
      ja: '各サービスのキーを作り、保存された行に許される以上の文字がないか調べます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'keys.belong-to-one-organisation',
    control: 'K9',
    sources: seeds('M18'),
    sentence: () => ({
      en: 'Keys are made, listed and ended by their own organisation alone.',
      ja: 'キーの発行、一覧、失効は、そのキーを持つ組織だけが行えます。',
    }),
    why: {
      en: 'Whoever may manage keys manages access to everything else.',
      ja: 'キーを管理できる者は、ほかのすべてへのアクセスを管理できるからです。',
    },
    owner,
    owasp: ['API1', 'API5'],
    asvs: ['v5.0.0-8.4.1'],
    probe: { kind: 'outside', run: keysBelongToOneOrg },
    method: {
      en: 'Makes a key in one organisation; another must neither find it in its list nor be able to revoke it.',
      ja: 'ある組織でキーを作り、別の組織の一覧に現れず、失効もできないことを確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'keys.rotation-is-instant',
    control: 'K6',
    service: 'volatility',
    sources: seeds('A19', 'A20'),
    sentence: ({ kernel }) => ({
      en: `A key can rotate itself at any time by POST /v1/me/rotate-key; the one before is refused within ${kernel.revocationMs} ms, on every node.`,
      ja: `キーはPOST /v1/me/rotate-keyでいつでも更新でき、以前のキーは全ノードで${kernel.revocationMs}ミリ秒以内に拒否されます。`,
    }),
    why: {
      en: 'Whoever suspects a leak must not have to wait, and need not ask us.',
      ja: '漏えいが疑われるとき、待つことも、問い合わせることも不要です。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-7.4.1'],
    probe: { kind: 'outside', run: diesOnRotation },
    method: {
      en: 'Uses a new key, rotates it, and asks with the old one until it is refused.',
      ja: '新しいキーを使い、更新した後、以前のキーが拒否されるまで呼び出します。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'keys.revocation-is-instant',
    control: 'K7',
    service: 'volatility',
    sources: seeds('A20'),
    sentence: ({ kernel }) => ({
      en: `A revoked key is refused within ${kernel.revocationMs} ms, on every node.`,
      ja: `失効したキーは、全ノードで${kernel.revocationMs}ミリ秒以内に拒否されます。`,
    }),
    why: {
      en: 'Access that was taken away must be gone, not on its way out.',
      ja: '取り消したアクセスは、その時点で無効でなければなりません。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-7.4.1'],
    probe: { kind: 'outside', run: diesOnRevocation },
    method: {
      en: 'Uses a new key, revokes it, and asks with it until it is refused.',
      ja: '新しいキーを使い、失効させた後、拒否されるまで呼び出します。',
    },
    everyMinutes: 60,
  }),
]
