import { type Claim, defineClaim } from '../define-claim.ts'
import { keepTokensShort, killUsedTokens } from '../probes/log-in.ts'
import { boundRefreshTokens, deleteEndedTokens, keepPasswords } from '../probes/stored-form.ts'
import { seeds } from '../seed-sentences.ts'

const owner = 'kernel/sessions'

export const sessionClaims: readonly Claim[] = [
  defineClaim({
    id: 'passwords.are-hashed-slowly',
    control: 'S1',
    sources: seeds('M09'),
    sentence: ({ kernel }) => {
      const rounds = kernel.passwordIterations
      return {
        en: `Passwords are kept as PBKDF2-HMAC-SHA-256 with ${rounds.toLocaleString('en')} iterations, 16 random bytes of salt and a 256-bit result, compared in constant time.`,
        ja: `パスワードはPBKDF2-HMAC-SHA-256（反復${rounds.toLocaleString('ja')}回、16バイトのランダムなソルト、256ビット）で保存し、一定時間で照合します。`,
      }
    },
    why: {
      en: 'Whoever steals the table must pay dearly for each guess at each password.',
      ja: 'テーブルが盗まれても、パスワード1件の推測ごとに大きな計算量がかかります。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-11.4.2'],
    probe: { kind: 'inside', run: keepPasswords },
    method: {
      en: "Reads the form of the stored hash of the probe's own user, and of all others how weak the weakest is.",
      ja: 'プローブ専用ユーザーの保存形式を読み、全ユーザーの中で最も弱いものの反復回数も調べます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'sessions.access-tokens-are-short',
    control: 'S2',
    sources: seeds('M10'),
    sentence: ({ kernel }) => {
      const minutes = kernel.accessTokenSeconds / 60
      return {
        en: `Access tokens are JWTs under HS256 and end after ${minutes} minutes; one that was changed opens nothing.`,
        ja: `アクセストークンはHS256のJWTで、${minutes}分で失効します。改変されたトークンでは何も開けません。`,
      }
    },
    why: {
      en: 'A token that was copied is of use for minutes only.',
      ja: 'トークンが複製されても、使えるのは数分だけです。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-9.1.1', 'v5.0.0-9.1.2', 'v5.0.0-9.2.1'],
    probe: { kind: 'outside', run: keepTokensShort },
    method: {
      en: 'Reads algorithm and end of a token, then shows it with another signature, a later end, and no algorithm.',
      ja: 'トークンの方式と期限を読み、署名の差し替え、期限の延長、方式なしの3通りで拒否を確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'sessions.refresh-tokens-end',
    control: 'S3',
    sources: seeds('M11'),
    sentence: ({ kernel }) => {
      const days = kernel.refreshTokenMs / 86_400_000
      return {
        en: `Refresh tokens end after ${days} days.`,
        ja: `リフレッシュトークンは${days}日で失効します。`,
      }
    },
    why: {
      en: 'A session that nobody uses ends by itself.',
      ja: '使われないセッションは自動的に終わります。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-7.3.2'],
    probe: { kind: 'inside', run: boundRefreshTokens },
    method: {
      en: 'Reads the longest life among all stored refresh tokens.',
      ja: '保存されている全リフレッシュトークンのうち、最長の有効期間を調べます。',
    },
    everyMinutes: 360,
  }),
  defineClaim({
    id: 'sessions.used-refresh-tokens-are-dead',
    control: 'S3',
    sources: seeds('M12'),
    sentence: () => ({
      en: 'Each use of a refresh token gives a new one, and kills the one that was used at once.',
      ja: 'リフレッシュトークンは使うたびに新しくなり、使用済みのものは直ちに無効になります。',
    }),
    why: {
      en: 'A stolen token works once at most, and its second use shows the theft.',
      ja: '盗まれたトークンは一度しか使えず、二度目の使用で盗難が分かります。',
    },
    owner,
    owasp: ['API2'],
    asvs: ['v5.0.0-10.4.5'],
    probe: { kind: 'outside', run: killUsedTokens },
    method: {
      en: 'Logs in, renews the session, shows the used token again, and renews once more with its successor.',
      ja: 'ログインして更新し、使用済みトークンの拒否と、後継トークンの有効性を確かめます。',
    },
    everyMinutes: 60,
  }),
  defineClaim({
    id: 'sessions.ended-tokens-are-deleted',
    control: 'S3',
    sources: seeds('M13'),
    sentence: () => ({
      en: 'Refresh tokens are kept as digests with their end, and deleted within two hours after it.',
      ja: 'リフレッシュトークンは期限とともにダイジェストで保存し、期限から2時間以内に削除します。',
    }),
    why: {
      en: 'What proves a person must not outlive its use.',
      ja: '本人を証明する情報は、役目を終えた後に残してはなりません。',
    },
    owner: 'kernel/retention',
    asvs: ['v5.0.0-14.2.7'],
    probe: { kind: 'inside', run: deleteEndedTokens },
    method: {
      en: 'Reads how long the oldest end among all stored refresh tokens has passed.',
      ja: '保存中の全リフレッシュトークンについて、期限切れからの経過時間の最大値を調べます。',
    },
    everyMinutes: 60,
  }),
]
