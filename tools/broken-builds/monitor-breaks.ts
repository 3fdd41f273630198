import type { Break } from './break.ts'

/** How each promise of the checks could come to be broken. */
export const monitorBreaks: readonly Break[] = [
  {
    promise: 'a-monitor-type-is-one-file',
    broken: 'the use case that saves monitors has a list of types of its own',
    file: 'packages/server/src/services/uptime/usecases/prepare-config.ts',
    find: 'const known = findMonitorType(type)',
    replace:
      "const known = ['http', 'tcp', 'ping', 'heartbeat'].includes(type) ? findMonitorType(type) : undefined",
    test: 'packages/server/test/a-monitor-type-is-one-file.db.test.ts',
  },
  {
    promise: 'a-field-is-three-places',
    broken: 'replies name the settings of an entity one by one',
    file: 'packages/server/src/service/pick-shown.ts',
    find: 'for (const name of Object.keys(shown)) picked',
    replace: "for (const name of Object.keys(shown).filter((key) => key !== 'runbookUrl')) picked",
    test: 'packages/server/test/a-field-is-three-places.db.test.ts',
  },
  {
    promise: 'a-stored-kind-that-nobody-knows-is-seen',
    broken: 'what cannot be checked is not in the log',
    file: 'packages/server/src/services/uptime/jobs/run-check.ts',
    find: "deps.log.error('A monitor cannot be checked'",
    replace: "deps.log.debug('A monitor cannot be checked'",
    test: 'packages/server/src/services/uptime/jobs/unknown-kinds.db.test.ts',
  },
  {
    promise: 'own-errors-are-told-as-ours',
    broken: 'a slip of the program reads as overload',
    file: 'packages/server/src/services/uptime/checks/probe.ts',
    find: 'return isShortage(error)\n',
    replace: 'return isShortage(error) || error instanceof Error\n',
    test: 'packages/server/src/services/uptime/checks/probe.net.test.ts',
  },
  {
    promise: 'credentials-that-cannot-be-sent-are-refused',
    broken: 'a line break at the end of a token is saved',
    file: 'packages/server/src/services/uptime/monitor-types/http.ts',
    find: 'z.strictObject({ bearer: credential })',
    replace: 'z.strictObject({ bearer: text(1, 4_096) })',
    test: 'packages/server/src/services/uptime/monitor-types/http.test.ts',
  },
  {
    promise: 'pages-are-read-in-their-charset',
    broken: 'what the page says of itself is not read',
    file: 'packages/server/src/services/uptime/domain/decode-text.ts',
    find: 'const prescanBytesMax = 1_024',
    replace: 'const prescanBytesMax = 0',
    test: 'packages/server/src/services/uptime/domain/decode-text.test.ts',
  },
  {
    promise: 'content-codings-are-undone-in-order',
    broken: 'the coding that was applied first is undone first',
    file: 'packages/kernel/src/egress/read-body.ts',
    find: 'codings.reduceRight<',
    replace: 'codings.reduce<',
    test: 'packages/kernel/src/egress/hostile-answers.net.test.ts',
  },
  {
    promise: 'invalid-http-names-its-fault',
    broken: 'a broken chunk is told as a broken header',
    file: 'packages/kernel/src/egress/http-fault.ts',
    find: "return part === 'body' ? 'chunk' : 'header'",
    replace: "return 'header'",
    test: 'packages/kernel/src/egress/hostile-answers.net.test.ts',
  },
  {
    promise: 'tls-failures-name-their-fault',
    broken: 'a server that offers HTTP/2 alone is told to lack a common version',
    file: 'packages/kernel/src/egress/tls-fault.ts',
    find: "[/_NO_APPLICATION_PROTOCOL$/, 'no_http1']",
    replace: "[/_NO_APPLICATION_PROTOCOL$/, 'version']",
    test: 'packages/kernel/src/egress/secure.net.test.ts',
  },
]
