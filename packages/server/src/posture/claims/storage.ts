import { type Claim, defineClaim } from '../define-claim.ts'
import { encryptTransport } from '../probes/database-walls.ts'
import { holdKeysApart } from '../probes/held-files.ts'
import { searchTheLog } from '../probes/search-the-log.ts'
import { sealSecrets } from '../probes/stored-form.ts'
import { seeds } from '../seed-sentences.ts'

export const storageClaims: readonly Claim[] = [
  defineClaim({
    id: 'storage.secrets-are-sealed',
    control: 'V1',
    sources: seeds('M07', 'C23'),
    sentence: () => ({
      en: 'Every secret that customers entrust to us is sealed with AES-256-GCM, each under a data key of its own.',
      ja: '顧客から預かる秘密は、値ごとに固有のデータ鍵を使い、すべてAES-256-GCMで暗号化して保存します。',
    }),
    why: {
      en: 'Whoever reads the database, or a backup of it, reads no secret.',
      ja: 'データベースやそのバックアップを読まれても、秘密は読めません。',
    },
    owner: 'kernel/secrets',
    asvs: ['v5.0.0-11.3.2', 'v5.0.0-14.2.4'],
    probe: { kind: 'inside', run: sealSecrets },
    method: {
      en: 'Plants secrets through the API and looks at every column that has to be sealed.',
      ja: 'APIから秘密を登録し、暗号化すべきすべての列を調べます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'storage.own-keys-lie-apart',
    control: 'V2',
    sources: seeds('C03'),
    sentence: () => ({
      en: "The pepper and the server's other keys lie outside the database, where nobody else on its machine can read them.",
      ja: 'ペッパーなどサーバー自身の鍵は、データベースの外に、同じ機械のほかの利用者が読めない形で置きます。',
    }),
    why: {
      en: 'A copy of the database alone is worth nothing to a thief.',
      ja: 'データベースの写しだけでは、盗んでも役に立ちません。',
    },
    owner: 'kernel/secrets',
    asvs: ['v5.0.0-13.3.1'],
    probe: { kind: 'inside', run: holdKeysApart },
    method: {
      en: "Reads the permissions of the files that hold the server's keys, where they come from files.",
      ja: 'サーバーの鍵を保持するファイルの権限を調べます（ファイルから読む場合）。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'storage.logs-hold-no-secret',
    control: 'V4',
    sources: seeds('C03', 'C29'),
    sentence: () => ({
      en: 'No key, token, password or signing secret reaches a log, in whatever form.',
      ja: 'キー、トークン、パスワード、署名用の秘密は、どんな形でもログに残りません。',
    }),
    why: {
      en: 'Logs travel further, and are read by more people, than any database.',
      ja: 'ログはデータベースより広く渡り、多くの人に読まれるからです。',
    },
    owner: 'kernel/log',
    owasp: ['API8'],
    asvs: ['v5.0.0-16.2.5'],
    probe: { kind: 'inside', run: searchTheLog },
    method: {
      en: 'Uses secrets well and badly, and searches what was logged meanwhile for each, in four spellings.',
      ja: '秘密を正しくも誤っても使い、その間のログから、4通りの表記で探します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'storage.database-is-reached-encrypted',
    control: 'V5',
    sources: seeds('C26'),
    sentence: () => ({
      en: 'Beyond this machine, the database and the store of limits are reached over TLS with a verified certificate alone.',
      ja: '別の機械にあるデータベースと制限の記録先には、証明書を検証したTLSだけで接続します。',
    }),
    why: {
      en: 'Everything that is protected elsewhere passes through there.',
      ja: 'ほかで保護しているすべてが、この経路を通るからです。',
    },
    owner: 'kernel/db',
    owasp: ['API8'],
    asvs: ['v5.0.0-12.3.1', 'v5.0.0-12.3.2'],
    probe: { kind: 'inside', run: encryptTransport },
    method: {
      en: 'Asks PostgreSQL how this very connection goes, and the configuration for ways that are plain.',
      ja: '現在の接続方法をPostgreSQLに尋ね、設定に平文の経路がないかを調べます。',
    },
    everyMinutes: 60,
  }),
]
