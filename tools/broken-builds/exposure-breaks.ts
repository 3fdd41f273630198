import type { Break } from './break.ts'

const test = 'packages/server/test/runbooks.net.test.ts'
const folder = 'packages/server/src/local/runbooks'

/** How what is done when a secret is exposed could come to leave it good. */
export const exposureBreaks: readonly Break[] = [
  {
    promise: 'rotate-first-investigate-second',
    broken: 'who has not replaced their keys is looked for before any key is dealt with',
    file: `${folder}/customer-keys.ts`,
    find: "id: 'pepper',\n      kind: 'rotate'",
    replace: "id: 'pepper',\n      kind: 'investigate'",
    test,
  },
  {
    promise: 'every-runbook-drills-in-seconds',
    broken: 'the key of access tokens is rotated, and the old version goes on',
    file: `${folder}/jwt-key.ts`,
    find: "const retired = await retireOlderVersions(context, 'jwt-key')",
    replace: 'const retired: readonly number[] = []',
    test,
  },
  {
    promise: 'every-runbook-drills-in-seconds',
    broken: 'the secret before is accepted beside the new one for good',
    file: 'packages/server/src/operations/live-secrets.ts',
    find: 'clock.now() < before.acceptedUntilMs',
    replace: 'before.acceptedUntilMs > 0',
    test,
  },
  {
    promise: 'every-runbook-drills-in-seconds',
    broken: 'the database keeps its password',
    file: 'packages/kernel/src/db/replace-password.ts',
    find: "await client.query('COMMIT')",
    replace: "await client.query('ROLLBACK')",
    test,
  },
]
