import type { AlertKind } from './domain/alerts.ts'
import type { IntervalMethod } from './domain/intervals.ts'
import type { Domain } from './domain/interaction.ts'
import type { DimensionName } from './domain/parameters.ts'
import type { RelianceMetric } from './domain/reliance.ts'
import type { Band } from './domain/score.ts'

type Named =
  | AlertKind
  | Band
  | DimensionName
  | Domain
  | IntervalMethod
  | RelianceMetric
  | 'practised'
  | 'notices_given'
  | 'operators_meeting'
  | 'telemetry'
  | 'anchored'
  | 'attested'
  | 'overridden'
  | 'stop_or_drill_on_record'
  | 'rejected'
  | 'escalated'
  | 'median_hours_to_resolve'

/** Japanese names for wire names in reports; English reports show the wire name. */
export const reportNames: Readonly<Record<Named, string>> = {
  below_threshold: '基準を下回る',
  rubber_stamping: '形式的な承認',
  band_change: '区分の変化',
  decay_forecast: '低下の予測',
  team_gain_negative: 'チームゲインが負',
  compliance_changed: '評価の変化',
  coverage_low: '記録率の低下',
  decision_expired: '判断の期限切れ',
  decision_overridden: '判断の例外承認',
  request_rate_anomaly: 'リクエスト数の異常',
  chain_broken: '監査チェーンの破損',
  aggregate_mismatch: '集計の不一致',
  nightly_failed: '夜間処理の失敗',
  exemplary: '模範的',
  proficient: '熟達',
  adequate: '十分',
  at_risk: '要注意',
  impaired: '低下',
  non_functional: '機能不全',
  deferral_resistance: '誤った助言に従わない',
  error_detection: '助言の見分け',
  independent_performance: 'AIなしの正答',
  deliberation_depth: '判断前の確認',
  post_error_recalibration: '誤りの後の慎重さ',
  domain_confidence: '別の道を選んだときの正答',
  decision_autonomy: '判断の自律性',
  healthcare: '医療',
  aviation: '航空',
  financial: '金融',
  legal: '法務',
  pharmaceutical: '製薬',
  general: '一般',
  employment: '雇用',
  education: '教育',
  housing: '住宅',
  insurance: '保険',
  government: '行政',
  wilson: 'ウィルソン法',
  delta: 'デルタ法',
  normal: '正規近似',
  adjusted_paired: '調整済み対比較',
  newcombe: 'ニューカム法',
  jackknife: 'ジャックナイフ法',
  bootstrap_cases: '案件のブートストラップ法',
  rair: '適切な依存 (RAIR)',
  rsr: '適切な自己信頼 (RSR)',
  over_reliance: '過信',
  under_reliance: '過小な信頼',
  d_prime: '弁別力 (d′)',
  criterion_c: '判断基準 (c)',
  weight_of_advice: '助言の重み',
  team_gain: 'チームゲイン',
  total_loss: '損失の合計',
  mis_reliance_loss: '誤った依存による損失',
  discrimination_loss: '見極めの不足による損失',
  practised: '練習済み',
  notices_given: '通知済み',
  telemetry: '操作記録あり',
  anchored: '本サーバーの観測による',
  attested: '本人の証明による',
  overridden: '助言からの離脱',
  stop_or_drill_on_record: '停止または訓練の記録',
  rejected: '却下',
  escalated: '上位への引き継ぎ',
  median_hours_to_resolve: '解決までの時間 (中央値)',
  operators_meeting: '基準を満たすオペレーター',
}

/** The displayed form of a wire name in a report. */
export function toReportName(name: string, language: 'en' | 'ja'): string {
  const known: Readonly<Record<string, string | undefined>> = reportNames
  return (language === 'ja' ? known[name] : undefined) ?? name.replaceAll('_', ' ')
}
