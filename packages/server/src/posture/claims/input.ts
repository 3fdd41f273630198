import { type Claim, defineClaim } from '../define-claim.ts'
import { capBatches } from '../probes/cap-batches.ts'
import { capBodies } from '../probes/cap-bodies.ts'
import { escapePages } from '../probes/escape-pages.ts'
import { refuseControlTokens } from '../probes/refuse-control-tokens.ts'
import { refuseHeaderInjection } from '../probes/refuse-header-injection.ts'
import { refuseUnknownMembers } from '../probes/refuse-unknown-members.ts'
import { seeds } from '../seed-sentences.ts'

const mebibyte = 1_048_576

export const inputClaims: readonly Claim[] = [
  defineClaim({
    id: 'input.unknown-members-are-refused',
    control: 'H3',
    sources: seeds('M20'),
    sentence: () => ({
      en: 'Every operation parses its input by a schema, and refuses what the schema does not name; the gate of decisions alone passes over what it does not know.',
      ja: 'すべての操作は入力をスキーマで検証し、スキーマにない項目を拒否します。判断の振り分けだけは、未知の項目を無視します。',
    }),
    why: {
      en: 'What nobody expected cannot slip through to a place that trusts it.',
      ja: '想定外の値が、それを信頼する箇所まで届くことはありません。',
    },
    owner: 'server/http',
    owasp: ['API3', 'API8'],
    asvs: ['v5.0.0-2.2.1', 'v5.0.0-15.3.3'],
    probe: { kind: 'outside', run: refuseUnknownMembers },
    method: {
      en: 'Sends a member that nobody defined to each operation with a JSON body; of two doors to one operation, to one.',
      ja: 'JSON本文を取る各操作に、定義のない項目を送ります（同じ操作の入口が2つあるときは片方）。',
    },
    everyMinutes: 720,
    orgs: 'own',
    spendsAddress: true,
  }),
  defineClaim({
    id: 'input.bodies-are-capped',
    control: 'H1',
    sources: seeds('C14'),
    sentence: ({ kernel, oversight }) => {
      const [one, batch] = [kernel.bodyBytesMax / mebibyte, oversight.batchBytesMax / mebibyte]
      const strangers = kernel.anonymousBodyBytesMax / 1024
      return {
        en: `A request body holds at most ${one} MiB, a batch ${batch} MiB, and ${strangers} KiB where nobody is proven yet.`,
        ja: `リクエスト本文は最大${one} MiB、バッチは${batch} MiB、認証前は${strangers} KiBです。`,
      }
    },
    why: {
      en: 'No single request can fill the memory of a node.',
      ja: '1つのリクエストがノードのメモリーを使い切ることはありません。',
    },
    owner: 'server/http',
    owasp: ['API4'],
    asvs: ['v5.0.0-5.2.1'],
    probe: { kind: 'outside', run: capBodies },
    method: {
      en: 'Sends exactly as many bytes as each cap allows, and one more.',
      ja: '各上限ちょうどのバイト数と、1バイト多い本文を送ります。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'input.batches-are-capped',
    control: 'H1',
    service: 'oversight',
    sources: seeds('C15'),
    sentence: ({ oversight }) => ({
      en: `A batch holds at most ${oversight.batchItemsMax} interactions.`,
      ja: `1つのバッチに含められる判断は最大${oversight.batchItemsMax}件です。`,
    }),
    why: {
      en: 'Work that one request can ask for has a bound.',
      ja: '1つのリクエストで求められる処理量には上限があります。',
    },
    owner: 'server/services/oversight',
    owasp: ['API4'],
    asvs: ['v5.0.0-2.2.1'],
    probe: { kind: 'outside', run: capBatches },
    method: {
      en: 'Sends a batch of exactly as many interactions as may be, and one more.',
      ja: '上限ちょうどのバッチと、1件多いバッチを送ります。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'input.headers-cannot-be-injected',
    control: 'E5',
    service: 'uptime',
    sources: seeds('M23'),
    sentence: () => ({
      en: 'Headers that customers give to a check hold no line break, and none that the server writes itself.',
      ja: '顧客がチェックに設定するヘッダーに改行は使えず、サーバーが付けるヘッダーの上書きもできません。',
    }),
    why: {
      en: 'Whoever can write a header could otherwise write another request.',
      ja: 'そうでなければ、ヘッダーから別のリクエストを作れてしまいます。',
    },
    owner: 'kernel/egress',
    owasp: ['API7', 'API8'],
    asvs: ['v5.0.0-4.2.4'],
    probe: { kind: 'canary', run: refuseHeaderInjection },
    method: {
      en: 'Makes a monitor with an honest header, and tries eleven that would end their own line or replace one of ours.',
      ja: '正当なヘッダーで監視を作り、改行の混入や上書きを狙う11通りを試します。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'input.pages-escape-what-people-write',
    control: 'H5',
    service: 'uptime',
    sources: seeds('M24'),
    sentence: () => ({
      en: 'Status pages show what customers write as text, never as markup.',
      ja: 'ステータスページは、顧客が書いた内容を常に文字として表示し、マークアップとして解釈しません。',
    }),
    why: {
      en: "A name must not become a program in a visitor's browser.",
      ja: '名前が閲覧者のブラウザーでプログラムになってはなりません。',
    },
    owner: 'kernel/endpoint',
    owasp: ['API8'],
    asvs: ['v5.0.0-1.2.1'],
    probe: { kind: 'outside', run: escapePages },
    method: {
      en: 'Publishes a page whose name, description, component and incident are markup, and reads it as a visitor.',
      ja: '名前、説明、項目、インシデントにマークアップを入れたページを公開し、閲覧者として読みます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'input.model-control-tokens-are-refused',
    control: 'interfaces',
    service: 'uptime',
    sources: seeds('C30'),
    sentence: () => ({
      en: 'Arguments of MCP tools that hold control tokens of a language model are refused, however they are spelled.',
      ja: '言語モデルの制御トークンを含むMCPツールの引数は、表記を変えても拒否します。',
    }),
    why: {
      en: 'Data that a model reads later must not be able to speak as its operator.',
      ja: '後でモデルが読むデータが、運用者の指示を装えてはなりません。',
    },
    owner: 'server/mcp',
    owasp: ['API8', 'API10'],
    asvs: ['v5.0.0-1.3.3'],
    probe: { kind: 'outside', run: refuseControlTokens },
    method: {
      en: 'Calls a tool with an honest argument, and with ten spellings of control tokens.',
      ja: '正当な引数と、制御トークンの10通りの表記でツールを呼び出します。',
    },
    everyMinutes: 360,
  }),
]
