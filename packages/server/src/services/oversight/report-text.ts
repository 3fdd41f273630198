import type { Route } from './domain/route.ts'

/** A report's statement of its own limits, in full (specification 1). */
export const reportLimits: Readonly<Record<'en' | 'ja', readonly string[]>> = {
  en: [
    'The score describes independence, not decision quality. Team gain says whether people and AI together decide better than either, and leads this report.',
    'On the one public table that it can be checked with (69 people, about 21 decisions each), the score from half of a person’s decisions correlates −0.19 with over-reliance and 0.06 with final accuracy in the other half; team gain reaches 0.42 with final accuracy. With 69 people each of these figures carries ± 0.23.',
    'Time to decide is the most repeatable signal (0.83) and says almost nothing about over-reliance (0.07). Effort therefore counts in full only with discernment, and there is no score without known outcomes.',
    'A coin flip between a good own answer and a good AI scores 62; whoever ignores a good AI scores above a competent user of it until about 200 decisions are known, and for ever if own answers are not sent. Team gain puts both at −1 point.',
    'The projection of decay is an illustration with constants from the literature, not a forecast of anybody.',
    'This is evidence of how oversight was practised. It establishes no conformity with any law.',
    'Scoring people at work may itself be regulated, and usually needs that they are told beforehand.',
  ],
  ja: [
    'スコアは自立度を表すもので、判断の質を表すものではありません。人とAIの組み合わせが単独より優れているかはチームゲインが示し、本レポートの冒頭に置かれます。',
    '検証に使える唯一の公開データ (69名、1名あたり約21件) では、各人の判断の半分から求めたスコアと残り半分の過信との相関は−0.19、最終正答率との相関は0.06です。チームゲインと最終正答率の相関は0.42です。69名のため、いずれの値にも±0.23の幅があります。',
    '判断時間は最も再現性の高い指標 (0.83) ですが、過信についてはほとんど何も示しません (0.07)。そのため、努力は見極めを伴う場合にのみ十分に評価され、結果が分からない場合はスコアを算出しません。',
    '優れた自分の答えと優れたAIの間で硬貨を投げて決める人のスコアは62になります。優れたAIを無視する人は、約200件の判断が分かるまで、また自分の答えが送られない限りずっと、上手に使う人より高いスコアになります。チームゲインではどちらも−1ポイントです。',
    '低下の予測は文献の定数による目安であり、個人についての予測ではありません。',
    'これは監督がどのように行われたかの証拠であり、いかなる法令への適合も証明しません。',
    '職場で人を評価すること自体が規制の対象となる場合があり、通常は事前の通知が必要です。',
  ],
}

/** Printed on every format of a report (specification 11). */
export const reportWording: Readonly<Record<'en' | 'ja', string>> = {
  en: 'This shows how oversight was practised in the period. It does not establish conformity with Article 14 or any other rule; that depends on the system, its use and measures outside this record.',
  ja: '本書は対象期間に監督がどのように行われたかを示すものです。第14条その他の規則への適合を証明するものではありません。適合性は、システム、その使用方法、および本記録の外にある措置によって決まります。',
}

type Words = {
  readonly title: string
  readonly period: string
  readonly running: string
  readonly revision: string
  readonly made: string
  readonly organisation: string
  readonly assessment: string
  readonly assessments: Readonly<Record<string, string>>
  readonly citation: (citation: string) => string
  readonly statuses: Readonly<Record<string, string>>
  readonly routes: Readonly<Record<Route, string>>
  readonly sections: Readonly<
    Record<
      | 'team'
      | 'population'
      | 'clauses'
      | 'reliance'
      | 'independence'
      | 'domains'
      | 'evidence'
      | 'decisions'
      | 'alerts'
      | 'people'
      | 'record'
      | 'limits',
      string
    >
  >
  readonly columns: Readonly<
    Record<
      | 'metric'
      | 'value'
      | 'interval'
      | 'n'
      | 'method'
      | 'clause'
      | 'status'
      | 'figures'
      | 'domain'
      | 'operators'
      | 'decisions'
      | 'kind'
      | 'opened'
      | 'closed'
      | 'hours'
      | 'band'
      | 'dimension'
      | 'mean'
      | 'route'
      | 'waiting'
      | 'resolved'
      | 'expired'
      | 'hoursToResolve',
      string
    >
  >
  readonly facts: Readonly<
    Record<
      | 'operators'
      | 'decisions'
      | 'withheld'
      | 'outcomes'
      | 'own'
      | 'confidence'
      | 'zero'
      | 'asserted'
      | 'anchored'
      | 'attested'
      | 'calls'
      | 'agreement'
      | 'contests'
      | 'practice'
      | 'notices'
      | 'chain'
      | 'verified'
      | 'checkpoint'
      | 'models'
      | 'norms'
      | 'above'
      | 'below'
      | 'critical'
      | 'resolvedAs'
      | 'expiredAs'
      | 'escalated'
      | 'hoursToResolve'
      | 'ownAccuracy'
      | 'aiAccuracy'
      | 'finalAccuracy',
      string
    >
  >
  readonly notEnough: string
  readonly otherCases: string
  readonly independenceNote: string
  readonly none: string
  readonly valid: string
  readonly broken: string
}

export const reportWords: Readonly<Record<'en' | 'ja', Words>> = {
  en: {
    title: 'How oversight was practised',
    period: 'Period',
    running: 'still running when this was made',
    revision: 'Revision',
    made: 'Made',
    organisation: 'Organisation',
    assessment: 'Assessment',
    assessments: {
      compliant: 'At threshold',
      at_risk: 'Near the threshold',
      non_compliant: 'Below the threshold',
      insufficient_data: 'Not enough data to say',
    },
    statuses: {
      evidence_met: 'Evidence met',
      evidence_partial: 'Evidence in part',
      evidence_missing: 'Evidence missing',
      insufficient_data: 'Not enough data',
    },
    citation: (citation) => citation,
    routes: {
      auto: 'Proceeds at once',
      async_review: 'A person looks',
      must_review: 'Somebody else decides',
      policy_blocked: 'Stops',
    },
    sections: {
      team: 'Do people and AI together decide better than either?',
      population: 'Who and what this is about',
      clauses: 'Clause by clause',
      reliance: 'Reliance on advice',
      independence: 'Independence scores',
      domains: 'By domain',
      evidence: 'On whose word the decisions rest',
      decisions: 'Decisions that were routed, and what became of them',
      alerts: 'Alerts',
      people: 'Practice and notices',
      record: 'The record itself',
      limits: 'What these figures cannot say',
    },
    columns: {
      metric: 'Metric',
      value: 'Value',
      interval: '95% interval',
      n: 'n',
      method: 'Method',
      clause: 'Clause',
      status: 'Status',
      figures: 'Figures',
      domain: 'Domain',
      operators: 'Operators',
      decisions: 'Decisions',
      kind: 'Kind',
      opened: 'Opened',
      closed: 'Closed',
      hours: 'Median hours to handling',
      band: 'Band',
      dimension: 'Dimension',
      mean: 'Mean',
      route: 'Route',
      waiting: 'Waiting',
      resolved: 'Resolved',
      expired: 'Expired',
      hoursToResolve: 'Median hours to resolution',
    },
    facts: {
      operators: 'Operators who decided',
      decisions: 'Decisions counted',
      withheld: 'Operators without minimum data',
      outcomes: 'Outcome known',
      own: 'Own answer known',
      confidence: 'Confidence known',
      zero: 'Telemetry all zero',
      asserted: 'Asserted by the organisation',
      anchored: 'Anchored in what this server saw',
      attested: 'Attested by the operator',
      calls: 'AI calls seen that a decision followed',
      agreement: 'Agreement of reviewers (alpha); agreement is not correctness',
      contests: 'Objections opened, upheld',
      practice: 'Decisions in practice, operators who practised',
      notices: 'Operators told what is recorded',
      chain: 'Entries of the audit chain',
      verified: 'Verified from entry',
      checkpoint: 'Newest checkpoint',
      models: 'Models',
      norms: 'Norms',
      above: 'At or above 60',
      below: 'Below 60',
      critical: 'Below 40',
      resolvedAs: 'Approved, changed, rejected, overridden',
      expiredAs: 'Expired: stopped, released unseen',
      escalated: 'Escalated',
      hoursToResolve: 'Median hours to resolution, from five reviewers on',
      ownAccuracy: 'People alone are right',
      aiAccuracy: 'The AI alone is right',
      finalAccuracy: 'Together they are right',
    },
    notEnough: 'Fewer than five people have enough decisions for this; it would be said of somebody.',
    otherCases: 'People alone decided different cases: their own answers beside the advice are not known.',
    independenceNote: 'Independence, not decision quality.',
    none: 'none',
    valid: 'verifies',
    broken: 'DOES NOT VERIFY',
  },
  ja: {
    title: '監督の実施状況',
    period: '対象期間',
    running: '作成時に継続中',
    revision: '改訂',
    made: '作成',
    organisation: '組織',
    assessment: '評価',
    assessments: {
      compliant: '基準に達している',
      at_risk: '基準に近い',
      non_compliant: '基準を下回っている',
      insufficient_data: 'データ不足のため判断できない',
    },
    statuses: {
      evidence_met: '証拠あり',
      evidence_partial: '一部に証拠あり',
      evidence_missing: '証拠なし',
      insufficient_data: 'データ不足',
    },
    citation: (citation) => citation.replace(/^Article (\d+)/, '第$1条'),
    routes: {
      auto: '即時に進行',
      async_review: '担当者が確認',
      must_review: '別の人が判断',
      policy_blocked: '停止',
    },
    sections: {
      team: '人とAIの組み合わせは、どちらか一方より優れているか',
      population: '対象',
      clauses: '条項ごとの状況',
      reliance: '助言への依存',
      independence: '自立度スコア',
      domains: '領域別',
      evidence: '判断の根拠となる証言',
      decisions: '振り分けられた判断とその結果',
      alerts: 'アラート',
      people: '練習と通知',
      record: '記録そのもの',
      limits: 'これらの数値が示せないこと',
    },
    columns: {
      metric: '指標',
      value: '値',
      interval: '95%信頼区間',
      n: 'n',
      method: '方法',
      clause: '条項',
      status: '状況',
      figures: '数値',
      domain: '領域',
      operators: 'オペレーター',
      decisions: '判断',
      kind: '種類',
      opened: '発生',
      closed: '解消',
      hours: '対応までの時間 (中央値)',
      band: '区分',
      dimension: '観点',
      mean: '平均',
      route: '経路',
      waiting: '待機中',
      resolved: '解決済み',
      expired: '期限切れ',
      hoursToResolve: '解決までの時間 (中央値)',
    },
    facts: {
      operators: '判断を行ったオペレーター',
      decisions: '集計した判断',
      withheld: '最小データに満たないオペレーター',
      outcomes: '結果が判明',
      own: '自分の答えが判明',
      confidence: '確信度が判明',
      zero: '操作記録がすべてゼロ',
      asserted: '組織の申告による',
      anchored: '本サーバーの観測による',
      attested: '本人の証明による',
      calls: '判断が続いたAI呼び出し',
      agreement: 'レビュー担当者間の一致度 (アルファ係数)。一致は正しさを意味しません',
      contests: '異議の件数、認められた件数',
      practice: '練習での判断、練習したオペレーター',
      notices: '記録内容の通知を受けたオペレーター',
      chain: '監査チェーンの項目',
      verified: '検証の開始項目',
      checkpoint: '最新のチェックポイント',
      models: 'モデル',
      norms: '基準値',
      above: '60以上',
      below: '60未満',
      critical: '40未満',
      resolvedAs: '承認、変更、却下、例外承認',
      expiredAs: '期限切れ: 停止、未確認のまま進行',
      escalated: '上位への引き継ぎ',
      hoursToResolve: '解決までの時間 (中央値、レビュー担当者5名以上)',
      ownAccuracy: '人だけの正答率',
      aiAccuracy: 'AIだけの正答率',
      finalAccuracy: '最終的な正答率',
    },
    notEnough: '十分な判断のある人が5名未満のため表示しません。個人が特定されるおそれがあります。',
    otherCases: '人だけの正答率は別の案件によるものです。助言と並ぶ自分の答えは分かっていません。',
    independenceNote: '自立度であり、判断の質ではありません。',
    none: 'なし',
    valid: '検証済み',
    broken: '検証に失敗',
  },
}
