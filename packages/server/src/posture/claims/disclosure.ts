import { type Claim, defineClaim } from '../define-claim.ts'
import { acknowledgeInTime, fixInTime } from '../probes/kept-clocks.ts'
import { carryDate } from '../probes/carry-date.ts'
import { readPage, readSecurityText } from '../probes/read-security-text.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'server/documentation'

export const disclosureClaims: readonly Claim[] = [
  defineClaim({
    id: 'disclosure.security-text',
    control: 'operations',
    sources: seeds('M42', 'C33', 'A02', 'A35'),
    sentence: () => ({
      en: 'Where to report a weakness stands in /.well-known/security.txt (RFC 9116), which is never out of date.',
      ja: '脆弱性の報告先は/.well-known/security.txt（RFC 9116）に記載し、期限切れになることはありません。',
    }),
    why: {
      en: 'Whoever finds a weakness must not have to look for somebody to tell.',
      ja: '脆弱性を見つけた人が、報告先を探し回らずに済むようにするためです。',
    },
    owner: 'server/well-known',
    probe: { kind: 'outside', run: readSecurityText },
    method: {
      en: 'Fetches and parses the file: a contact, an end within a year, a policy, acknowledgments, its own address.',
      ja: 'ファイルを取得し、連絡先、1年以内の期限、方針、謝辞、自身のURLを解析します。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'disclosure.what-a-report-holds',
    control: 'operations',
    sources: seeds('A03', 'A04', 'A05', 'A06'),
    sentence: () => ({
      en: 'The policy says what a report should hold, gives a key for what must not travel in clear, and asks how you want to be credited.',
      ja: '方針には、報告に含める内容、平文で送れない場合の鍵の入手方法、謝辞の希望の伝え方を記載しています。',
    }),
    why: {
      en: 'A report that can be reproduced is mended sooner.',
      ja: '再現できる報告は、より早く修正できます。',
    },
    owner,
    probe: {
      kind: 'outside',
      run: readPage('/docs/security', {
        'that a key is given before more is sent': /you get a key before you send the rest/i,
        'that the impact belongs in a report': /what an attacker gains/i,
        'that requests, headers and bodies belong in it': /smallest requests, headers and bodies/i,
        'how to ask for credit': /under which name you want to be credited/i,
      }),
    },
    method: {
      en: 'Reads the policy as this instance serves it, and looks for each statement.',
      ja: 'このインスタンスが公開する方針を読み、各記述を探します。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'disclosure.acknowledged-in-time',
    control: 'operations',
    sources: seeds('C34', 'A07'),
    sentence: ({ platform }) => {
      const { hours } = platform.disclosure.clocks.acknowledge
      return {
        en: `A person acknowledges each report of a weakness within ${hours} hours.`,
        ja: `脆弱性の報告には、${hours}時間以内に担当者が受領を確認します。`,
      }
    },
    why: {
      en: 'Who hears nothing tells somebody else.',
      ja: '返事がなければ、報告者は別の誰かに知らせるからです。',
    },
    owner: 'server/platform',
    probe: { kind: 'inside', run: acknowledgeInTime },
    method: {
      en: 'Counts open reports that have waited for longer.',
      ja: '期限を過ぎて待っている報告を数えます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'disclosure.critical-fixes-in-time',
    control: 'operations',
    sources: seeds('C35', 'A08'),
    sentence: ({ platform }) => {
      const days = platform.disclosure.clocks.fix.hours / 24
      return {
        en: `A weakness that is critical, or not judged yet, is fixed within ${days} days.`,
        ja: `緊急の、またはまだ判定されていない脆弱性は、${days}日以内に修正します。`,
      }
    },
    why: {
      en: 'What one person found, another can find.',
      ja: '1人が見つけたものは、ほかの人も見つけられるからです。',
    },
    owner: 'server/platform',
    probe: { kind: 'inside', run: fixInTime },
    method: {
      en: 'Counts open cases whose clock has run out.',
      ja: '期限を過ぎた未完了の案件を数えます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'disclosure.policy-is-dated',
    control: 'operations',
    sources: seeds('A01'),
    sentence: () => ({
      en: 'The policy says when it was last updated.',
      ja: '方針には最終更新日を記載しています。',
    }),
    why: {
      en: 'Whoever relies on it can see whether it is the one that they read.',
      ja: '読んだ方針が今も有効か、利用者が確かめられるようにするためです。',
    },
    owner,
    probe: {
      kind: 'outside',
      run: readPage('/docs/security', { 'when it was last updated': /last updated: 20\d\d-[01]\d-[0-3]\d/i }),
    },
    method: {
      en: 'Reads the date on the policy as this instance serves it.',
      ja: 'このインスタンスが公開する方針の日付を読みます。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'disclosure.page-is-dated',
    control: 'posture',
    sources: seeds('M44'),
    sentence: () => ({
      en: 'This page says of when its results are, and since when its sentences and the policy behind them are what they are.',
      ja: 'このページは、結果の時点と、文言およびその根拠となるポリシーがいつから有効かを示します。',
    }),
    why: {
      en: 'A promise without a date can be changed without anybody noticing.',
      ja: '日付のない約束は、誰にも気づかれずに変えられるからです。',
    },
    owner: 'server/posture',
    probe: { kind: 'outside', run: carryDate },
    method: {
      en: 'Reads both dates on this page, compares them with the signed set, and looks for a result under another policy that is newer.',
      ja: 'このページの2つの日付を署名済みの一覧と比べ、より新しい別のポリシーでの結果がないことを確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'disclosure.scope',
    control: 'operations',
    sources: seeds('C37', 'A10', 'A11', 'A12'),
    sentence: () => ({
      en: 'The policy lists what is in scope and what is not: bare best-practice headers, volume, physical access and services of others.',
      ja: '方針には対象と対象外を列挙しています。単なる推奨ヘッダー、大量送信、物理的接触、第三者のサービスは対象外です。',
    }),
    why: {
      en: 'Nobody should waste their time on what we will not treat as a weakness.',
      ja: '脆弱性として扱わないものに、時間を費やさせないためです。',
    },
    owner,
    probe: {
      kind: 'outside',
      run: readPage('/docs/security', {
        'what is in scope': /in scope .*getting past authentication/i,
        'that another customer’s secrets are in scope': /another org's data, keys, webhook secrets/i,
        'that best-practice headers are out of scope': /missing best-practice header/i,
        'that volume is out of scope': /volume: floods, brute force within the documented limits/i,
        'that self-inflicted script injection is out of scope': /self-inflicted script injection/i,
        'that physical access is out of scope': /physical access/i,
        'that services of others are out of scope': /services of others/i,
      }),
    },
    method: {
      en: 'Reads the policy as this instance serves it, and looks for each statement.',
      ja: 'このインスタンスが公開する方針を読み、各記述を探します。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'disclosure.safe-harbour',
    control: 'operations',
    sources: seeds('C36', 'A09'),
    sentence: () => ({
      en: 'Research in good faith is authorised and has no legal consequences; we ask to keep it private until the fix is out.',
      ja: '善意の調査は許可され、法的措置の対象になりません。修正が公開されるまでの非公開をお願いしています。',
    }),
    why: {
      en: 'Who fears a lawyer tells nobody.',
      ja: '法的措置を恐れる人は、誰にも知らせないからです。',
    },
    owner,
    probe: {
      kind: 'outside',
      run: readPage('/docs/security', {
        'that good faith is authorised': /good faith under this policy authorised/i,
        'that there is no legal action': /will not take legal action/i,
        'that nothing is published before the fix': /keep it to yourself until the fix is out/i,
      }),
    },
    method: {
      en: 'Reads the policy as this instance serves it, and looks for each statement.',
      ja: 'このインスタンスが公開する方針を読み、各記述を探します。',
    },
    everyMinutes: 1_440,
  }),
  defineClaim({
    id: 'disclosure.thanks',
    control: 'operations',
    sources: seeds('M43', 'A18'),
    sentence: () => ({
      en: 'There is no bounty; whoever reports responsibly is credited in a hall of fame, if they like.',
      ja: '報奨金はありません。責任ある報告をした方は、希望に応じて謝辞一覧に掲載します。',
    }),
    why: {
      en: 'Thanks are due, and should not be a surprise either way.',
      ja: '感謝は当然であり、その形は事前に明らかであるべきだからです。',
    },
    owner,
    probe: {
      kind: 'outside',
      run: readPage('/docs/hall-of-fame', {
        'thanks to those who reported': /thank you/i,
        'who is listed, and when': /listed when the fix is out/i,
      }),
    },
    method: {
      en: 'Reads the hall of fame as this instance serves it.',
      ja: 'このインスタンスが公開する謝辞一覧を読みます。',
    },
    everyMinutes: 1_440,
  }),
]
