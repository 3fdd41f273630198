import { type Claim, defineClaim } from '../define-claim.ts'
import { hardenHeaders } from '../probes/harden-headers.ts'
import { openToOwnOrigins, refusePreflights } from '../probes/origins.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/http'

export const headerClaims: readonly Claim[] = [
  defineClaim({
    id: 'headers.origins-of-an-organisation',
    control: 'H2',
    service: 'uptime',
    sources: seeds('C12'),
    sentence: () => ({
      en: "A web page may read answers only where the key's own organisation allows its origin.",
      ja: 'Webページが応答を読めるのは、キーの組織がそのオリジンを許可している場合だけです。',
    }),
    why: {
      en: "A key in one page must not serve another's.",
      ja: 'あるページのキーを、別のページが使えてはなりません。',
    },
    owner,
    owasp: ['API8'],
    asvs: ['v5.0.0-3.4.2'],
    probe: { kind: 'outside', run: openToOwnOrigins },
    method: {
      en: 'Allows one origin, and calls from it and from four that look alike or are none.',
      ja: '1つのオリジンを許可し、そこからと、似たものや無効なもの4つから呼び出します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'headers.preflights-have-a-list',
    control: 'H2',
    service: 'uptime',
    sources: seeds('C13'),
    sentence: () => ({
      en: 'A preflight request is granted to origins on the list of this instance alone.',
      ja: 'プリフライトリクエストは、このインスタンスの一覧にあるオリジンにだけ許可します。',
    }),
    why: {
      en: 'It carries no key, so that nobody knows yet whose rules hold.',
      ja: 'プリフライトにはキーがなく、どの組織の規則か分からないからです。',
    },
    owner,
    owasp: ['API8'],
    asvs: ['v5.0.0-3.4.2'],
    probe: { kind: 'outside', run: refusePreflights },
    method: {
      en: 'Sends preflight requests from origins that no list has.',
      ja: '一覧にないオリジンからプリフライトリクエストを送ります。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'headers.every-answer-is-hardened',
    control: 'H4',
    sources: seeds('M24', 'A10'),
    sentence: () => ({
      en: 'Every answer tells browsers to run no stray script, frame nothing, guess no type and insist on HTTPS.',
      ja: 'すべての応答は、不審なスクリプト、フレーム表示、型の推測を禁じ、HTTPSを強制するようブラウザーに伝えます。',
    }),
    why: {
      en: 'What slips past everything else still finds no browser to run in.',
      ja: 'ほかをすり抜けたものも、ブラウザーでは実行されません。',
    },
    owner,
    owasp: ['API8'],
    asvs: ['v5.0.0-3.4.1', 'v5.0.0-3.4.3', 'v5.0.0-3.4.4', 'v5.0.0-3.4.5', 'v5.0.0-3.4.6'],
    probe: { kind: 'outside', run: hardenHeaders },
    method: {
      en: 'Reads the headers of a success, a refusal, a document and a path that there is not.',
      ja: '成功、拒否、文書、存在しないパスの各応答のヘッダーを読みます。',
    },
    everyMinutes: 60,
  }),
]
