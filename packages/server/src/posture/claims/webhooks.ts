import { type Claim, defineClaim } from '../define-claim.ts'
import { receiveSigned } from '../probes/receive-webhooks.ts'
import { changeSecretByAnother, showSecretsOnce } from '../probes/show-secrets-once.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'kernel/webhooks'

export const webhookClaims: readonly Claim[] = [
  defineClaim({
    id: 'webhooks.are-signed',
    control: 'W1',
    sources: seeds('M28', 'A16'),
    sentence: () => ({
      en: 'Every webhook carries an HMAC-SHA-256 signature of its bytes, which no other bytes have.',
      ja: 'すべてのWebhookには本文のバイト列に対するHMAC-SHA-256署名が付き、別の内容では成立しません。',
    }),
    why: {
      en: "A receiver can tell our words from anybody else's.",
      ja: '受信側は、当方からの通知と他者のなりすましを見分けられます。',
    },
    owner,
    owasp: ['API10'],
    asvs: ['v5.0.0-11.3.3'],
    probe: { kind: 'canary', run: receiveSigned },
    method: {
      en: 'Subscribes a receiver of its own at three doors, computes each signature anew, and again with one bit changed.',
      ja: '3つの入口で専用の受信先を登録し、署名を計算し直し、1ビット変えた場合も確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'webhooks.secrets-are-shown-once',
    control: 'W2',
    sources: seeds('A21'),
    sentence: () => ({
      en: 'The secret of a webhook, and a key, are shown once, when they are made, and never again.',
      ja: 'Webhookの秘密とAPIキーは、作成時に一度だけ表示され、その後は表示されません。',
    }),
    why: {
      en: 'Whoever gets into an account later does not get its secrets.',
      ja: '後からアカウントに侵入されても、秘密は得られません。',
    },
    owner,
    owasp: ['API3'],
    asvs: ['v5.0.0-15.3.1'],
    probe: { kind: 'canary', run: showSecretsOnce },
    method: {
      en: 'Makes a webhook, a subscription and a key, and reads them by every door that shows them, the audit log included.',
      ja: 'Webhook、購読、キーを作り、監査ログを含む、表示されうるすべての入口で読み直します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'webhooks.secrets-change-with-the-webhook',
    control: 'W2',
    service: 'volatility',
    sources: seeds('A22'),
    sentence: () => ({
      en: 'To change a secret, delete the webhook and make another: the old one is gone at once, and the new secret is drawn by chance.',
      ja: '秘密を変えるには、Webhookを削除して作り直します。古いものは直ちに消え、新しい秘密は無作為に選ばれます。',
    }),
    why: {
      en: 'A secret that leaked has a plain way out of use.',
      ja: '漏えいした秘密を、確実に無効にできます。',
    },
    owner,
    asvs: ['v5.0.0-11.5.1'],
    probe: { kind: 'canary', run: changeSecretByAnother },
    method: {
      en: 'Makes, deletes and makes a webhook, and compares the two secrets.',
      ja: 'Webhookを作成、削除、再作成し、2つの秘密を比べます。',
    },
    everyMinutes: 360,
  }),
]
