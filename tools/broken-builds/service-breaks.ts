import type { Break } from './break.ts'

const test = 'packages/server/test/a-service-is-one-line.net.test.ts'

/** How a part of the server could come to know the services by name again, or forget one. */
export const serviceBreaks: readonly Break[] = [
  {
    promise: 'a-service-is-one-line',
    broken: 'the API document is of our own services, whatever the server is composed of',
    file: 'packages/server/src/openapi.ts',
    find: 'const modules = describeModules(services)',
    replace: 'const modules = describeModules(own)',
    test,
  },
  {
    promise: 'every-service-is-heard-by-webhooks',
    broken: 'the platform’s webhooks hear of the platform alone',
    file: 'packages/server/src/platform/index.ts',
    find: '...services.map(({ events }) => events)',
    replace: '...services.slice(0, 0).map(({ events }) => events)',
    test,
  },
  {
    promise: 'every-service-is-sealed-anew',
    broken: 'secrets of services stay under the old master key',
    file: 'packages/server/src/schema.ts',
    find: 'sealed: [...webhookSealedColumns, ...parts.flatMap(({ sealed }) => sealed)]',
    replace: 'sealed: webhookSealedColumns',
    test,
  },
  {
    promise: 'every-service-leaves-with-an-export',
    broken: 'the tables of all services but the first stay out of exports',
    file: 'packages/server/src/schema.ts',
    find: '...parts.toReversed().flatMap(({ orgs }) => orgs)',
    replace: '...parts.slice(0, 2).flatMap(({ orgs }) => orgs)',
    test,
  },
  {
    promise: 'every-service-keeps-its-envelope',
    broken: 'every unknown path is answered in one envelope',
    file: 'packages/server/src/http/unserved.ts',
    find: 'findOwner(services, toPath(url), asked)',
    replace: 'findOwner(services.slice(0, 1), toPath(url), asked)',
    test,
  },
  {
    promise: 'every-service-opens-the-audit-log',
    broken: 'keys of a service cannot read the audit log',
    file: 'packages/server/src/with-audit-door.ts',
    find: 'if (auditDoor === null) return service',
    replace: "if (auditDoor === null || service.name !== 'uptime') return service",
    test,
  },
  {
    promise: 'keys-have-default-scopes',
    broken: 'a key that names no scopes gets all of them',
    file: 'packages/server/src/platform/usecases/key-deps.ts',
    find: 'wanted ?? defaultScopes',
    replace: 'wanted ?? offered',
    test,
  },
  {
    promise: 'retention-runs-beside-a-server',
    broken: 'retention waits for the lock that a running node holds',
    file: 'packages/kernel/src/db/advisory-locks.ts',
    find: 'retention: 7_305_663',
    replace: 'retention: 7_305_662',
    test,
  },
  {
    promise: 'every-known-answer-vector-holds',
    broken: 'discernment is credited from a lower anchor',
    file: 'packages/server/src/services/oversight/domain/parameters.ts',
    find: 'd_anchor: 2.5',
    replace: 'd_anchor: 2.4',
    test: 'packages/server/src/services/oversight/domain/score.test.ts',
  },
  {
    promise: 'a-build-with-another-model-never-scores',
    broken: 'faults of the model hold nothing up',
    file: 'packages/server/src/services/oversight/usecases/assert-model.ts',
    find: 'if (modelFaults.length === 0) return',
    replace: 'if (modelFaults.length < 100) return',
    test: 'packages/server/src/services/oversight/usecases/self-test.db.test.ts',
  },
]
