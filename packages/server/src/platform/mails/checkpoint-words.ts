import type { Language } from '../domain/language.ts'
import type { MailWords } from '../../mail/index.ts'

export type CheckpointFacts = {
  readonly org: string
  readonly entries: number
  /** The checkpoint as one line of JSON, which the verifier reads. */
  readonly line: string
  readonly url: string
}

export function checkpointWords(language: Language, { org, entries, line, url }: CheckpointFacts): MailWords {
  switch (language) {
    case 'en':
      return {
        subject: `[${org}] Checkpoint of the audit log, entry ${entries}`,
        paragraphs: [
          `This is the signed checkpoint of the audit log of ${org}, up to entry ${entries}. Keep this mail: it proves later that nobody has cut the log back or written it anew.`,
          line,
        ],
        action: { label: 'Take an export of the audit log', url },
        closing:
          'To verify, save the line that begins with {"kind" as anchor.ndjson and run: node verify-audit.mjs export.ndjson keys.json --anchor anchor.ndjson',
      }
    case 'ja':
      return {
        subject: `[${org}] 監査ログのチェックポイント (エントリ ${entries})`,
        paragraphs: [
          `${org} の監査ログの、エントリ ${entries} までの署名付きチェックポイントです。ログが後から切り詰められたり書き換えられたりしていないことを証明できるよう、このメールを保管してください。`,
          line,
        ],
        action: { label: '監査ログを書き出す', url },
        closing:
          '検証するには、{"kind" で始まる行を anchor.ndjson として保存し、次のコマンドを実行してください: node verify-audit.mjs export.ndjson keys.json --anchor anchor.ndjson',
      }
  }
}
