import type { AlertKind } from './domain/alerts.ts'

export type Language = 'en' | 'ja'

/**
 * The operator and the domain that an alert is about; null if the alert is about neither, or the organisation does
 * not let alerts name operators.
 */
export type AlertAbout = { readonly operatorId: string | null; readonly domain: string | null }

export type AlertText = { readonly title: string; readonly summary: string }

type Words = Readonly<Record<AlertKind, (who: string, where: string) => AlertText>>

/** The title and text of an alert. They never contain anybody's score (specification 12). */
export function writeAlert(
  kind: AlertKind,
  { operatorId, domain }: AlertAbout,
  language: Language,
): AlertText {
  const own = words[language]
  return own.kinds[kind](operatorId ?? own.oneOperator, domain ?? own.allDomains)
}

const words: Readonly<
  Record<Language, { readonly oneOperator: string; readonly allDomains: string; readonly kinds: Words }>
> = {
  en: {
    oneOperator: 'one operator',
    allDomains: 'all domains',
    kinds: {
      below_threshold: (who, where) => ({
        title: `Independence below the threshold: ${who}, ${where}`,
        summary:
          'The published score fell below the threshold. It describes independence, not decision quality.',
      }),
      rubber_stamping: (who, where) => ({
        title: `Advice is accepted unread: ${who}, ${where}`,
        summary:
          'Many acceptances came within moments, without scrolling, hovering or looking at alternatives.',
      }),
      band_change: (who, where) => ({
        title: `Another band: ${who}, ${where}`,
        summary: 'The published score moved into another band and stayed there.',
      }),
      decay_forecast: (who, where) => ({
        title: `Practice may be due soon: ${who}, ${where}`,
        summary:
          'The illustration of decay reaches the threshold within a month. It is no forecast of this person.',
      }),
      team_gain_negative: (_who, where) => ({
        title: `People and AI together decide worse than one of them: ${where}`,
        summary: 'The whole interval of the team gain lies below zero.',
      }),
      compliance_changed: () => ({
        title: 'The assessment of the organisation changed',
        summary: 'Open the compliance report for what it rests on.',
      }),
      coverage_low: () => ({
        title: 'AI calls without a decision',
        summary: 'Fewer than 80% of the AI calls seen in the last seven days were followed by a decision.',
      }),
      decision_expired: () => ({
        title: 'A decision expired unreviewed',
        summary: 'Nobody reviewed it in time; it fell back as the policy says.',
      }),
      decision_overridden: () => ({
        title: 'A block was overridden',
        summary: 'Somebody released a decision that was blocked or still waited.',
      }),
      request_rate_anomaly: () => ({
        title: 'Unusually many requests',
        summary: 'The last 24 hours brought more than ten times the usual number of requests.',
      }),
      chain_broken: () => ({
        title: 'The audit chain does not verify',
        summary:
          'An entry of the audit log was changed, removed or forked. Keep a copy before anything else.',
      }),
      aggregate_mismatch: (who, where) => ({
        title: `Sums did not match their ledger: ${who}, ${where}`,
        summary: 'They were computed anew from the ledger. Scores since then rest on the new sums.',
      }),
      nightly_failed: () => ({
        title: 'Nightly work failed',
        summary:
          'Scoring goes on with the last norm, and sums are folded when they are read. The log says why.',
      }),
    },
  },
  ja: {
    oneOperator: 'オペレーター1名',
    allDomains: '全領域',
    kinds: {
      below_threshold: (who, where) => ({
        title: `自立度が基準を下回りました: ${who}、${where}`,
        summary:
          '公開スコアが基準を下回りました。これは自立度を表すもので、判断の質を表すものではありません。',
      }),
      rubber_stamping: (who, where) => ({
        title: `助言が確認されずに承認されています: ${who}、${where}`,
        summary: '多くの承認が、スクロールや代替案の確認なしに短時間で行われています。',
      }),
      band_change: (who, where) => ({
        title: `区分が変わりました: ${who}、${where}`,
        summary: '公開スコアが別の区分に移り、そのまま維持されています。',
      }),
      decay_forecast: (who, where) => ({
        title: `まもなく練習が必要になる可能性があります: ${who}、${where}`,
        summary: '低下の目安では1か月以内に基準に達します。本人についての予測ではありません。',
      }),
      team_gain_negative: (_who, where) => ({
        title: `人とAIの組み合わせが、どちらか一方より劣っています: ${where}`,
        summary: 'チームゲインの信頼区間全体がゼロを下回っています。',
      }),
      compliance_changed: () => ({
        title: '組織の評価が変わりました',
        summary: '根拠はコンプライアンスレポートをご覧ください。',
      }),
      coverage_low: () => ({
        title: '判断が記録されていないAI呼び出しがあります',
        summary: '直近7日間に確認されたAI呼び出しのうち、判断が記録されたものは80%未満です。',
      }),
      decision_expired: () => ({
        title: 'レビューされないまま期限が切れた判断があります',
        summary: '期限内にレビューされなかったため、ポリシーに従って処理されました。',
      }),
      decision_overridden: () => ({
        title: 'ブロックが上書きされました',
        summary: 'ブロックまたは保留中の判断が解除されました。',
      }),
      request_rate_anomaly: () => ({
        title: 'リクエスト数が通常より大幅に増えています',
        summary: '直近24時間のリクエスト数が通常の10倍を超えました。',
      }),
      chain_broken: () => ({
        title: '監査チェーンを検証できません',
        summary: '監査ログの項目が変更、削除、または分岐されています。まず写しを保存してください。',
      }),
      aggregate_mismatch: (who, where) => ({
        title: `集計値が台帳と一致しませんでした: ${who}、${where}`,
        summary: '台帳から計算し直しました。以降のスコアは新しい集計値に基づきます。',
      }),
      nightly_failed: () => ({
        title: '夜間処理に失敗しました',
        summary: 'スコアの計算は直近の基準値で続行されます。原因はログに記録されています。',
      }),
    },
  },
}
