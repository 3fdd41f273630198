import { type Claim, defineClaim } from '../define-claim.ts'
import { lookAlike } from '../probes/look-alike.ts'
import { refuseEveryStranger } from '../probes/refuse-every-stranger.ts'
import { refuseKeysInUrls } from '../probes/refuse-keys-in-urls.ts'
import { neverLeaveEarly, takeAsLong } from '../probes/take-their-time.ts'
import { tellTheAuditLogAlone } from '../probes/tell-the-audit-log.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/http'

export const refusalClaims: readonly Claim[] = [
  defineClaim({
    id: 'refusals.are-identical',
    control: 'G1',
    sources: seeds('C06'),
    sentence: () => ({
      en: 'Whatever is wrong with a credential, the answer is the same 401, byte for byte, but for its request id and time.',
      ja: '認証情報のどこが誤っていても、応答はリクエストIDと時刻を除いて1バイトも違わない同じ401です。',
    }),
    why: {
      en: 'Who guesses learns nothing from how they were refused.',
      ja: '拒否のされ方から、推測の手がかりは得られません。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-6.3.8'],
    probe: { kind: 'outside', run: lookAlike },
    method: {
      en: 'Shows each service a missing, malformed, unknown, wrong, revoked and elsewhere-only key, and compares the answers.',
      ja: '各サービスに、キーなし、形式不正、未知、誤り、失効、接続元違いを示し、応答を比べます。',
    },
    everyMinutes: 60,
    orgs: 'own',
  }),
  defineClaim({
    id: 'refusals.never-leave-early',
    control: 'G2',
    sources: seeds('C05'),
    sentence: ({ oversight }) => ({
      en: `No refusal leaves before ${oversight.gate.floorMs} ms; at Oversight, no answer of the gate at all.`,
      ja: `拒否の応答は${oversight.gate.floorMs}ミリ秒より前に返りません。人による監督では、成功の応答も同じです。`,
    }),
    why: {
      en: 'Work that depends on a secret must not show in the time of an answer.',
      ja: '秘密に依存する処理が、応答時間に現れてはなりません。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-6.3.8'],
    probe: { kind: 'outside', run: neverLeaveEarly },
    method: {
      en: 'Measures the quickest answer to each kind of credential that fails, and to one that is good.',
      ja: '失敗する各種の認証情報と正しい認証情報について、最も速い応答時間を測ります。',
    },
    everyMinutes: 60,
    orgs: 'own',
  }),
  defineClaim({
    id: 'refusals.are-indistinguishable-in-time',
    control: 'G3',
    service: 'oversight',
    sources: seeds('C28'),
    sentence: () => ({
      en: 'Keys that are unknown, wrong, revoked, used from elsewhere or over the limit cannot be told apart by time.',
      ja: '未知、誤り、失効、接続元違い、上限超過のキーは、応答時間で見分けられません。',
    }),
    why: {
      en: 'Otherwise a stopwatch would list which keys exist.',
      ja: '時間差があれば、計測だけで存在するキーを調べられてしまいます。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-6.3.8'],
    probe: { kind: 'outside', run: takeAsLong },
    method: {
      en: "Interleaves trials of each cause and compares them by Welch's t; a first suspicion is tried once more.",
      ja: '各原因の試行を交互に行い、Welchのtで比べます。疑いがあれば、もう一度確かめます。',
    },
    everyMinutes: 360,
    orgs: 'own',
    spendsAddress: true,
    needsFreshAddress: true,
  }),
  defineClaim({
    id: 'refusals.tell-the-audit-log-alone',
    control: 'A1',
    service: 'uptime',
    sources: seeds('C07'),
    sentence: () => ({
      en: "The real reason of a refusal stands in the organisation's audit log, and nowhere in the answer.",
      ja: '拒否の本当の理由は組織の監査ログにだけ記録され、応答には含まれません。',
    }),
    why: {
      en: 'Its owner can see what happened to a key; whoever holds a stolen one cannot.',
      ja: '持ち主は経緯を確認でき、盗んだ者には何も分かりません。',
    },
    owner: 'kernel/audit',
    owasp: ['API2'],
    asvs: ['v5.0.0-16.3.1'],
    probe: { kind: 'outside', run: tellTheAuditLogAlone },
    method: {
      en: 'Uses a revoked key, reads the answer, and finds the reason in the audit log.',
      ja: '失効したキーを使い、応答を読み、監査ログで理由を探します。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'refusals.meet-every-stranger',
    control: 'G5',
    sources: seeds('A13'),
    sentence: () => ({
      en: 'Every operation that is not meant for everybody refuses whoever proves nothing.',
      ja: '公開を意図していないすべての操作は、認証情報のない呼び出しを拒否します。',
    }),
    why: {
      en: 'One forgotten door is enough.',
      ja: '閉め忘れた入口が1つあれば十分だからです。',
    },
    owner,
    owasp: ['API2', 'API5', 'API9'],
    asvs: ['v5.0.0-8.2.1'],
    probe: { kind: 'outside', run: refuseEveryStranger },
    method: {
      en: 'Reads the document of the API and calls each guarded operation without a credential.',
      ja: 'API仕様を読み、保護された各操作を認証情報なしで呼び出します。',
    },
    everyMinutes: 360,
    spendsAddress: true,
  }),
  defineClaim({
    id: 'refusals.credentials-come-in-headers',
    control: 'G4',
    sources: seeds('A13'),
    sentence: () => ({
      en: 'A credential counts in a header alone: one in an address opens nothing, and two different ones are refused.',
      ja: '認証情報はヘッダーでのみ有効です。URLに含めても無効で、異なる2つを送ると拒否されます。',
    }),
    why: {
      en: 'Addresses are kept by proxies, logs and histories.',
      ja: 'URLはプロキシ、ログ、履歴に残るからです。',
    },
    owner,
    owasp: ['API2', 'API8'],
    asvs: ['v5.0.0-14.2.1'],
    probe: { kind: 'outside', run: refuseKeysInUrls },
    method: {
      en: 'Calls each service with a good key in its address, under five names, and once with two keys.',
      ja: '各サービスを、正しいキーをURLに5通りの名前で含めて呼び出し、2つのキーでも試します。',
    },
    everyMinutes: 360,
  }),
]
