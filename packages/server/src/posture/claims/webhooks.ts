import { type Claim, defineClaim } from '../define-claim.ts'
import { receiveSignedWebhook } from '../probes/webhooks.ts'

export const webhookClaims: readonly Claim[] = [
  defineClaim({
    id: 'webhooks.are-signed',
    control: 'W1',
    sources: [{ row: 'M28', says: 'Webhooks carry an HMAC-SHA-256 signature of their payload' }],
    sentence: () => ({
      en: 'Every webhook carries an HMAC-SHA-256 signature over its id, its time and its bytes.',
      ja: 'すべてのWebhookには、ID、時刻、本文のバイト列に対するHMAC-SHA-256署名が付きます。',
    }),
    why: {
      en: 'A receiver can tell our words from anybody’s, and an old message from a new one.',
      ja: '受信側は、なりすましや古いメッセージの再送を見分けられます。',
    },
    owner: 'kernel/webhooks',
    asvs: ['v5.0.0-11.3.3'],
    probe: { kind: 'canary', run: receiveSignedWebhook },
    method: {
      en: 'Subscribes a receiver of its own, has a test message sent through the real path, and computes the signature anew.',
      ja: '専用の受信先を登録し、実際の経路でテスト送信したうえで、署名を計算し直して比べます。',
    },
    everyMinutes: 60,
  }),
]
