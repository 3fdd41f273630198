import type { Break } from './break.ts'

const platform = 'packages/server/src/platform'
const cases = `${platform}/usecases/disclosure.db.test.ts`
const reported = 'packages/server/test/weaknesses-can-be-reported.net.test.ts'
const response = `${platform}/usecases/incident-response.db.test.ts`

/** How the promises about reported weaknesses and incidents could come to be broken. */
export const disclosureBreaks: readonly Break[] = [
  {
    promise: 'a-failed-claim-opens-one-incident',
    broken: 'a claim opens an incident each time that it fails',
    file: `${platform}/usecases/open-security-incident.ts`,
    find: 'becauseClaim: claim,',
    replace: 'becauseClaim: claim && `${claim} ${id}`,',
    test: response,
  },
  {
    promise: 'customers-are-told-within-72-hours',
    broken: 'the clock stops as soon as it is said whom the incident touches',
    file: `${platform}/domain/security-incident.ts`,
    find: 'return told < affected',
    replace: 'return told > affected',
    test: response,
  },
  {
    promise: 'customers-are-told-within-72-hours',
    broken: 'nobody hears that it is too late',
    file: `${platform}/domain/deadline.ts`,
    find: 'return remindedHours < deadline.hours ? deadline.hours : undefined',
    replace: 'return undefined',
    test: response,
  },
  {
    promise: 'an-incident-is-its-audit-entries',
    broken: 'entries of an incident do not name it',
    file: `${platform}/usecases/change-security-incident.ts`,
    find: 'entry: { ...decision, resourceId: id, at }',
    replace: 'entry: { ...decision, at }',
    test: response,
  },
  {
    promise: 'public-reports-are-pages-without-a-script',
    broken: 'an incident has a page before its report is published',
    file: `${platform}/usecases/public-incidents.ts`,
    find: 'incident?.publishedAtMs == null',
    replace: 'incident?.openedAtMs == null',
    test: reported,
  },
  {
    promise: 'weaknesses-are-reported-without-an-account',
    broken: 'a form that is too long is taken for its beginning',
    file: `${platform}/handlers/report-pages.ts`,
    find: 'Buffer.byteLength(body) > policy.disclosure.formBytesMax',
    replace: 'Buffer.byteLength(body) > 10 * policy.disclosure.formBytesMax',
    test: reported,
  },
  {
    promise: 'reports-are-acknowledged-within-48-hours',
    broken: 'an acknowledged report is still waited for',
    file: `${platform}/domain/disclosure-case.ts`,
    find: "...(acknowledgedAtMs === null ? (['acknowledge']",
    replace: "...(fixedAtMs === null ? (['acknowledge']",
    test: cases,
  },
  {
    promise: 'critical-reports-have-seven-days',
    broken: 'what nobody has judged is no more than high',
    file: `${platform}/domain/disclosure-case.ts`,
    find: "const mayBeCritical = severity === null || severity === 'critical'",
    replace: "const mayBeCritical = severity === 'critical'",
    test: cases,
  },
  {
    promise: 'report-text-is-sealed-at-rest',
    broken: 'a report is stored as it came',
    file: `${platform}/usecases/sealed-report.ts`,
    find: 'return sealer.seal(toPlace(caseId), JSON.stringify(report))',
    replace:
      'return `s1.1.${sealer.seal(toPlace(caseId), JSON.stringify(report))}.${JSON.stringify(report)}`',
    test: cases,
  },
  {
    promise: 'reporters-follow-their-case',
    broken: 'any code opens a case whose reference is known',
    file: `${platform}/usecases/look-up-case.ts`,
    find: 'return matches ? known?.found : undefined',
    replace: 'return matches ? known?.found : known?.found',
    test: cases,
  },
  {
    promise: 'reports-travel-encrypted',
    broken: 'the mail to the operator holds the report in clear',
    file: `${platform}/jobs/disclosure-mails.ts`,
    find: 'await deps.reportKey?.encrypt(toText(report))',
    replace: 'deps.reportKey && toText(report)',
    test: reported,
  },
  {
    promise: 'security-text-is-valid-and-renews-itself',
    broken: 'security.txt holds until a day that was written down once',
    file: 'packages/server/src/security-text.ts',
    find: '(Math.floor(nowMs / dayMs) + validDays) * dayMs',
    replace: '(20_786 + validDays) * dayMs',
    test: 'packages/server/src/security-text.test.ts',
  },
]
