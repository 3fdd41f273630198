import type { Break } from './break.ts'

const platform = 'packages/server/src/platform'
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
]
