import type { Break } from './break.ts'

const service = 'packages/server/src/services/oversight'
const alerts = `${service}/usecases/alerts.db.test.ts`
const imports = `${service}/usecases/imports.db.test.ts`
const chunks = `${service}/usecases/import-chunk.db.test.ts`
const reports = `${service}/usecases/reports.db.test.ts`
const nightly = `${service}/usecases/nightly.db.test.ts`

/** How alerts, imports, nightly work and reports of the oversight service could come to say what is not so. */
export const reportBreaks: readonly Break[] = [
  {
    promise: 'one alert is open for a kind and a subject',
    broken: 'every alert is about something of its own',
    file: `${service}/store/alert-store.ts`,
    find: 'subject: alert.subject',
    replace: 'subject: alert.id',
    test: alerts,
  },
  {
    promise: 'an alert of one service reaches the channels of another',
    broken: 'alerts are heard by nobody where there are channels',
    file: 'packages/server/src/join-services.ts',
    find: 'if (!canTell) return',
    replace: 'if (canTell) return',
    test: 'packages/server/test/alerts-reach-people.net.test.ts',
  },
  {
    promise: 'is in force from the next midnight',
    broken: 'a norm changes the day on which it is issued',
    file: `${service}/usecases/issue-norms.ts`,
    find: 'effectiveDay: today + 1',
    replace: 'effectiveDay: today',
    test: nightly,
  },
  {
    promise: 'that differs, rebuilds it, and says so',
    broken: 'days are compared with themselves',
    file: `${service}/domain/refold.ts`,
    find: 'toTexts(stored), toTexts(right)',
    replace: 'toTexts(right), toTexts(right)',
    test: nightly,
  },
  {
    promise: 'leaves scoring with the last one and raises an alert',
    broken: 'an organisation that fails keeps the others from their norms',
    file: `${service}/usecases/each-org.ts`,
    find: 'failures.push(error)\n',
    replace: 'throw error\n',
    test: nightly,
  },
  {
    promise: 'import-resumes-after-kill-without-loss-or-double',
    broken: 'how far an import has come is known before its lines are there',
    file: `${service}/usecases/import-chunk.ts`,
    find: 'lines: lines.length,',
    replace: 'lines: lines.length + 1,',
    test: 'packages/server/test/import-survives-kills.net.test.ts',
  },
  {
    promise: 'import-memory-is-bounded',
    broken: 'all of a line is held, however long it is',
    file: `${service}/usecases/read-lines.ts`,
    find: 'lineBytesMax + 2 - size',
    replace: 'Number.MAX_SAFE_INTEGER - size',
    test: imports,
  },
  {
    promise: 'import-statements-are-as-many-for-forty-operators-as-for-one',
    broken: 'each ledger of a chunk is settled on its own',
    file: `${service}/usecases/import-chunk.ts`,
    find: "await closeLedgers(tx, ledgers, 'quietly')",
    replace: "for (const one of ledgers) await closeLedgers(tx, [one], 'quietly')",
    test: chunks,
  },
  {
    promise: 'import-line-in-a-session-of-scores-counts-once',
    broken: 'a line of a session that was there already is not remembered',
    file: `${service}/usecases/import-chunk.ts`,
    find: 'isNamed: stored === undefined',
    replace: 'isNamed: true',
    test: chunks,
  },
  {
    promise: 'an import never raises an alert',
    broken: 'what is long over is told as if it happened now',
    file: `${service}/usecases/import-chunk.ts`,
    find: "await closeLedgers(tx, ledgers, 'quietly')",
    replace: 'await closeLedgers(tx, ledgers)',
    test: imports,
  },
  {
    promise: 'closed-report-is-immutable-and-names-nobody',
    broken: 'no period is ever over, so that each asking makes another report',
    file: `${service}/usecases/reports.ts`,
    find: 'period.toDay < today',
    replace: 'period.toDay < 0',
    test: reports,
  },
  {
    promise: 'a-report-in-japanese-has-every-sign',
    broken: 'the report in Japanese is set in letters of the other language',
    file: `${service}/pages/render-report-pdf.ts`,
    find: 'readFont(fonts[language].plain)',
    replace: 'readFont(fonts.en.plain)',
    test: reports,
  },
  {
    promise: 'small-samples-appear-nowhere: a report',
    broken: 'figures of a single person are figures',
    file: `${service}/usecases/report-figures.ts`,
    find: 'isShown: people.length >= groupMin',
    replace: 'isShown: people.length > 0',
    test: reports,
  },
  {
    promise: 'practice-items-are-always-labelled',
    broken: 'an exercise does not say that it is practice',
    file: `${service}/usecases/recommend-practice.ts`,
    find: '`${practiceLabel} ${description}`',
    replace: 'description',
    test: `${service}/usecases/people-views.db.test.ts`,
  },
  {
    promise: 'practice-items-are-always-labelled',
    broken: 'an exercise of an organisation’s own carries no label',
    file: `${service}/usecases/to-wire-exercise.ts`,
    find: 'label: practiceLabel,',
    replace: "label: '',",
    test: `${service}/usecases/people-views.db.test.ts`,
  },
  {
    promise: 'aggregates-equal-a-full-recompute-under-any-interleaving',
    broken: 'what weighs nothing any more is counted until the next fold',
    file: `${service}/domain/operator-state.ts`,
    find: 'isRemembered(day, state.asOfDay) ? (counters[0] ?? 0) : 0',
    replace: 'counters[0] ?? 0',
    test: `${service}/usecases/aggregates.db.test.ts`,
  },
]
