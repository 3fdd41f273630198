import type { Break } from './break.ts'

const oversight = 'packages/server/src/services/oversight'
const scores = `${oversight}/usecases/score.db.test.ts`
const gate = 'packages/server/test/oversight-gate.net.test.ts'

/** How the edges of the oversight service's wire could come to say something else than what was done. */
export const administrationBreaks: readonly Break[] = [
  {
    promise: 'receipts-verify-offline-from-this-page-alone',
    broken: 'every item of a batch gets the way of the first one',
    file: `${oversight}/usecases/get-receipt.ts`,
    find: 'merklePath(texts, one.index)',
    replace: 'merklePath(texts, 0)',
    test: `${oversight}/usecases/audit.db.test.ts`,
  },
  {
    promise: 'a score and its commit are told',
    broken: 'webhooks are told which operator it was',
    file: `${oversight}/usecases/tell-score.ts`,
    find: 'alertsNameOperators ? reply.operator_id : null',
    replace: 'alertsNameOperators ? null : reply.operator_id',
    test: 'packages/server/test/oversight-webhooks.net.test.ts',
  },
  {
    promise: 'batch-is-all-or-nothing',
    broken: 'a name that is taken is passed over in a batch',
    file: `${oversight}/usecases/record-scores.ts`,
    find: 'if (owner.operatorId !== operatorId || owner.domain !== domain)',
    replace: 'if (scores.length === 1 && (owner.operatorId !== operatorId || owner.domain !== domain))',
    test: scores,
  },
  {
    promise: 'repeated-names-count-once-and-sessions-hold-many',
    broken: 'the same content is counted each time it is sent',
    file: `${oversight}/usecases/score.ts`,
    find: '`c:${contentHash}`',
    replace: '`c:${contentHash}${Math.random()}`',
    test: scores,
  },
  {
    promise: 'repeated-names-count-once-and-sessions-hold-many',
    broken: 'the names of a session that is there already are not looked for',
    file: `${oversight}/store/session-store.ts`,
    find: '(row.is_new ? [] : [row.session_id])',
    replace: '(row.is_new ? [row.session_id] : [])',
    test: scores,
  },
  {
    promise: 'commit-answers-again-alike-and-refuses-another',
    broken: 'the same commit again is refused like another one',
    file: `${oversight}/usecases/change-score.ts`,
    find: 'if (before.commitFingerprint === fingerprint) return null',
    replace: "if (before.commitFingerprint === '') return null",
    test: scores,
  },
  {
    promise: 'placeholders-and-deferrals-count-nowhere-until-committed',
    broken: 'what a wrapper sends before anybody decided is counted',
    file: `${oversight}/domain/interaction.ts`,
    find: "interaction.decision !== 'defer' && (isClosed || !isPlaceholder(interaction))",
    replace: "interaction.decision !== 'defer' && (isClosed || interaction !== null)",
    test: scores,
  },
  {
    promise: 'withheld-constant-is-the-same-for-everybody',
    broken: 'below the minimum of data the estimate is sent',
    file: `${oversight}/usecases/score.ts`,
    find: 'estimate: settings.earlyEstimates ? standing.estimate : null,',
    replace: 'estimate: standing.estimate,',
    test: `${oversight}/usecases/replies.db.test.ts`,
  },
  {
    promise: 'lite-and-full-carry-the-same-score',
    broken: 'a lite reply shows a rounder score',
    file: `${oversight}/usecases/to-score-reply.ts`,
    find: 'jis: figures.jis,',
    replace: "jis: mode === 'lite' ? Math.floor(figures.jis) : figures.jis,",
    test: `${oversight}/usecases/replies.db.test.ts`,
  },
  {
    promise: 'valid-key-refunds-the-address-limit-and-reaches-1000',
    broken: 'a valid key gives nothing back to its address',
    file: 'packages/server/src/http/authenticate.ts',
    find: "if (proof.accepted && proof.principal.kind !== 'master')",
    replace: "if (proof.accepted && proof.principal.kind === 'member')",
    test: gate,
  },
  {
    promise: 'address-limited-and-wrong-key-are-the-same-401',
    broken: 'an address over its limit is told so',
    file: 'packages/server/src/http/authenticate.ts',
    find: "if (charge.because === 'store_unavailable') throw overLimit(charge)",
    replace: 'throw overLimit(charge)',
    test: gate,
  },
  {
    promise: 'key-limit-is-keyed-on-the-body-not-the-literal',
    broken: 'calls are counted by what all keys begin with',
    file: 'packages/server/src/http/call-limits.ts',
    find: `case 'prefix':
      return keyPrefix`,
    replace: `case 'prefix':
      return String(keyPrefix).slice(0, 8)`,
    test: gate,
  },
  {
    promise: 'master-keys-open-only-their-own-route',
    broken: 'any of the operator’s secrets opens every route of theirs',
    file: 'packages/server/src/master-secrets.ts',
    find: 'const configured = secrets[name]?.reveal() ?? unknown',
    replace:
      'const configured = Object.values(secrets).find((one) => one?.reveal() === text)?.reveal() ?? unknown',
    test: 'packages/server/test/oversight-master-keys.net.test.ts',
  },
  {
    promise: 'a name that stands twice',
    broken: 'the last of two members of one name wins in silence',
    file: 'packages/server/src/http/judge-json.ts',
    find: 'if (container.names.has(name))',
    replace: 'if (container.names.has(name) && depth === 0)',
    test: 'packages/server/test/oversight-bad-input.net.test.ts',
  },
  {
    promise: 'scores that come together share transactions',
    broken: 'every score has a transaction of its own',
    file: `${oversight}/usecases/score-groups.ts`,
    find: 'if (isCommitHeld()) return',
    replace: 'if (isCommitHeld() || requestsMax > 1) return',
    test: `${oversight}/usecases/score-groups.db.test.ts`,
  },
]
