import type { Break } from './break.ts'

const claims = 'packages/server/src/posture/claims'
const covered = 'packages/server/test/every-seed-sentence-is-covered.test.ts'

/** How the sentences of the security page could come to promise too little. */
export const claimBreaks: readonly Break[] = [
  {
    promise: 'every-seed-sentence-is-covered',
    broken: 'nothing is claimed of webhooks any more',
    file: `${claims}/index.ts`,
    find: '  ...webhookClaims,\n',
    replace: '',
    test: covered,
  },
  {
    promise: 'no claim answers a sentence that there is not',
    broken: 'the sources of a claim are numbered by hand',
    file: 'packages/server/src/posture/seed-sentences.ts',
    find: 'rows.map((row) => ({ row,',
    replace: "rows.map((row) => ({ row: row.replace('A0', 'A'),",
    test: covered,
  },
  {
    promise: 'what is stated names a document of the repository and a day to look at it again',
    broken: 'a document is named that there is not',
    file: `${claims}/practice.ts`,
    find: "document: 'docs/trust/owasp-api-top-10.md'",
    replace: "document: 'docs/owasp.md'",
    test: covered,
  },
  {
    promise: 'every claim speaks English and Japanese, by an id of its own',
    broken: 'two claims share an id',
    file: `${claims}/keys.ts`,
    find: "id: 'keys.revocation-is-instant'",
    replace: "id: 'keys.rotation-is-instant'",
    test: covered,
  },
  {
    promise: 'every-owasp-risk-is-answered',
    broken: 'limits answer no sensitive flow any more',
    file: `${claims}/limits.ts`,
    find: "owasp: ['API4', 'API6'],",
    replace: "owasp: ['API4'],",
    test: 'tools/owasp-mapping.test.ts',
  },
]
