import { type Claim, defineClaim } from '../define-claim.ts'
import { speakTls13Alone } from '../probes/speak-tls.ts'
import { seeds } from '../seed-sentences.ts'

export const transportClaims: readonly Claim[] = [
  defineClaim({
    id: 'transport.tls-1.3-alone',
    control: 'H6',
    sources: seeds('M08', 'C01', 'C25'),
    sentence: () => ({
      en: 'Whoever reaches this instance by HTTPS speaks TLS 1.3, and nothing older.',
      ja: 'このインスタンスへのHTTPS接続はTLS 1.3だけで、それより古い版は使えません。',
    }),
    why: {
      en: 'Older versions have weaknesses that nobody needs to live with any more.',
      ja: '古い版には、もはや許容する必要のない弱点があるからです。',
    },
    owner: 'server/http',
    owasp: ['API8'],
    asvs: ['v5.0.0-12.1.1'],
    probe: { kind: 'outside', run: speakTls13Alone },
    method: {
      en: 'Offers TLS 1.2 alone, which must be refused, and then whatever is newest.',
      ja: 'TLS 1.2だけを提示して拒否されることを確かめ、次に最新の版で接続します。',
    },
    everyMinutes: 60,
  }),
]
