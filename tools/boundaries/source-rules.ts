import { posix } from 'node:path'
import { isTestPlace, moduleFolder } from './places.ts'
import type { Import, Source } from './read-source.ts'

/** A rule about what one file takes or does. `judge` returns what offends it. */
export type SourceRule = {
  readonly name: string
  readonly comment: string
  /** Where the rule holds, and where within that it does not. Tests are outside every rule. */
  readonly within: RegExp
  readonly except?: RegExp
  readonly judge: (source: Source) => readonly string[]
}

const webFramework = /^(?:fastify|@fastify\/.+|express|koa|hono|@hono\/.+|h3|@hapi\/.+|restify)$/
const driver = /^(?:pg|pg-.+|postgres|postgres-.+)$/
const socketModule =
  /^(?:node:)?(?:net|tls|https?|http2|dgram|dns|dns\/promises)$|^(?:undici|ws|got|axios|node-fetch)$/
const harmlessNames = new Set([
  'createServer',
  'isIP',
  'isIPv4',
  'isIPv6',
  'BlockList',
  'SocketAddress',
  // Of node:tls: what one listens with. As names of node:net and node:http they open nothing either.
  'createSecureContext',
  'Server',
  'WebSocketServer',
  'STATUS_CODES',
  'METHODS',
  // Of ws: it only speaks on sockets that were accepted.
])
const dialling = new Set(['fetch', 'new WebSocket', 'new EventSource', 'new XMLHttpRequest()'])
const kernelDb = /^@gatehouse\/kernel\/db$|^(?:\.\.\/)+db\/index\.ts$/
const decisionOpeners = new Set(['decideWithin', 'lendWriter', 'raiseToDecision', '*'])
const impure =
  /^(?:Date\.now|new Date\(\)|Math\.random|performance\.now|crypto\..+|process\..+|console\..+|fetch|setTimeout|setInterval|setImmediate|queueMicrotask)$/
const statement =
  /^\s*(?:SELECT\s[\s\S]*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\S+\s+AS\s*\(|(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:TABLE|SCHEMA|ROLE|INDEX|DATABASE|TYPE|FUNCTION)\s|(?:GRANT|REVOKE)\s)/

export const sourceRules: readonly SourceRule[] = [
  {
    name: 'kernel-has-no-web-framework',
    comment: 'whoever installs the kernel brings their own',
    within: /^packages\/kernel\//,
    judge: taking(webFramework),
  },
  {
    name: 'framework-stays-in-http',
    comment: 'only server/http knows what serves',
    within: /^packages\/(?!kernel\/)/,
    except: /^packages\/server\/src\/http\//,
    judge: taking(webFramework),
  },
  {
    name: 'domain-is-pure',
    comment: 'values in, values out: no npm, no node:, no clock, no await; of the kernel, types only',
    within: /^packages\/.+\/domain\//,
    judge: ({ imports, calls, waits, globals }) => [
      ...imports.filter((taken) => !isOwn(taken) && !isKernelType(taken)).map(({ specifier }) => specifier),
      ...[...calls].filter((call) => impure.test(call) || call.endsWith('.then')),
      ...globals,
      ...(waits ? ['await'] : []),
    ],
  },
  {
    name: 'contract-is-data',
    comment: 'of npm a contract knows zod',
    within: new RegExp(String.raw`^${moduleFolder}/contract(?:/|\.ts$)`),
    judge: ({ imports }) =>
      imports
        .filter(
          (taken) => !isOwn(taken) && taken.specifier !== 'zod' && !taken.specifier.startsWith('@gatehouse/'),
        )
        .map(({ specifier }) => specifier),
  },
  {
    name: 'jobs-have-an-owner',
    comment: "a job that others react to is in its emitter's contract, one of its own in jobs/",
    within: /^packages\/server\//,
    except: new RegExp(String.raw`^${moduleFolder}/(?:contract(?:/|\.ts$)|jobs/)`),
    judge: ({ imports }) =>
      imports
        .filter(
          ({ specifier, names }) => specifier === '@gatehouse/kernel/jobs' && names.includes('defineJob'),
        )
        .map(() => 'defineJob'),
  },
  {
    name: 'sql-lives-in-stores',
    comment:
      'SQL is written in store/, migrations/ and kernel/db; embedded/ administers the bundled PostgreSQL',
    within: /^packages\//,
    except: /\/store\/|^packages\/kernel\/src\/db\/|^packages\/server\/src\/embedded\//,
    judge: (source) => [
      ...taking(/^kysely(?:\/.+)?$/)(source),
      ...source.texts.filter((text) => statement.test(text)).map((text) => text.trim().slice(0, 40)),
    ],
  },
  {
    name: 'query-builder-stays-in-stores',
    comment: 'what reads or writes rows is a function of a store, which others call',
    within: /^packages\/(?:kernel|server)\//,
    except: /\/store\/|^packages\/kernel\/src\/db\//,
    judge: ({ imports }) =>
      imports
        .filter(
          ({ specifier, names }) =>
            kernelDb.test(specifier) && (names.includes('query') || names.includes('*')),
        )
        .map(({ specifier }) => `query of ${specifier}`),
  },
  {
    name: 'decisions-leave-an-entry',
    comment: 'what writes a decision is opened by kernel/audit, which appends the entry before the commit',
    within: /^packages\/(?:kernel|server|cli)\//,
    except: /^packages\/kernel\/src\/(?:audit|db)\//,
    judge: ({ imports }) =>
      imports
        .filter(({ specifier }) => kernelDb.test(specifier))
        .flatMap(({ names }) => names.filter((name) => decisionOpeners.has(name))),
  },
  {
    name: 'programs-start-in-embedded',
    comment: 'the bundled PostgreSQL is the only program that the server starts; the CLI starts the server',
    within: /^packages\//,
    except: /^packages\/server\/src\/embedded\/|^packages\/cli\/bin\//,
    judge: taking(/^(?:node:)?(?:child_process|cluster)$/),
  },
  {
    name: 'no-way-around-by-global',
    comment: 'what a rule keeps from being called by its name is not taken from globalThis either',
    within: /^packages\/(?:kernel|server|cli)\//,
    // A domain takes nothing of it at all, as its own rule says.
    except: /\/domain\//,
    judge: ({ globals }) =>
      [...globals].filter((name) =>
        /^globalThis\.(?:fetch|WebSocket|EventSource|Date|process|performance|crypto|setTimeout|setInterval)$/.test(
          name,
        ),
      ),
  },
  {
    name: 'casts-are-explained',
    comment: 'a cast stands under a `// Safe:` line with a reason that a reviewer can verify',
    within: /^packages\//,
    judge: ({ unexplainedCasts }) => unexplainedCasts.map((line) => `the cast in line ${line}`),
  },
  {
    name: 'sql-is-never-pasted',
    comment: 'a value travels beside its statement, never inside it',
    within: /^packages\//,
    except: /^packages\/kernel\/src\/db\//,
    judge: calling(new Set(['sql.raw', 'sql.lit'])),
  },
  {
    name: 'driver-stays-in-kernel-db',
    comment: 'one door to the database',
    within: /^packages\//,
    except: /^packages\/kernel\/src\/db\//,
    judge: taking(driver),
  },
  {
    name: 'worker-stays-in-kernel-jobs',
    comment: 'one door to the queue, which keeps a pool of its own',
    within: /^packages\//,
    except: /^packages\/kernel\/src\/jobs\//,
    judge: taking(/^graphile-worker$/),
  },
  {
    name: 'only-egress-dials',
    comment:
      'outbound sockets open in kernel/egress, which refuses special addresses; elsewhere one may listen',
    within: /^packages\/(?:kernel|server|cli)\//,
    except: /^packages\/kernel\/src\/egress\//,
    judge: (source) => [
      ...source.imports
        .filter(
          ({ specifier, names }) =>
            socketModule.test(specifier) && !names.every((name) => harmlessNames.has(name)),
        )
        .map(({ specifier }) => specifier),
      ...calling(dialling)(source),
    ],
  },
  {
    name: 'mailer-stays-in-mail',
    comment: 'nodemailer dials by itself unless server/mail hands it the sockets of egress',
    within: /^packages\//,
    except: /^packages\/server\/src\/mail\//,
    judge: taking(/^nodemailer(?:\/.+)?$/),
  },
  {
    name: 'sdk-has-no-dependency',
    comment: 'it runs wherever fetch does',
    within: /^packages\/sdk\/src\//,
    judge: ({ imports }) => imports.filter((taken) => !isOwn(taken)).map(({ specifier }) => specifier),
  },
  {
    name: 'dashboard-imports-sdk-only',
    comment: 'it can do nothing that the API does not allow',
    within: /^packages\/dashboard\/src\//,
    judge: ({ path, imports }) =>
      imports.filter((taken) => !mayDashboardTake(path, taken)).map(({ specifier }) => specifier),
  },
]

/** What of `source` offends the rule; nothing where the rule does not hold. */
export function judgeSource(rule: SourceRule, source: Source): readonly string[] {
  if (isTestPlace(source.path) || !rule.within.test(source.path)) return []
  if (rule.except?.test(source.path) === true) return []
  return rule.judge(source)
}

function taking(specifiers: RegExp): SourceRule['judge'] {
  return ({ imports }) =>
    imports.filter(({ specifier }) => specifiers.test(specifier)).map(({ specifier }) => specifier)
}

function calling(names: ReadonlySet<string>): SourceRule['judge'] {
  return ({ calls }) => [...calls].filter((call) => names.has(call))
}

function isOwn({ specifier }: Import): boolean {
  return specifier.startsWith('.')
}

function isKernelType({ specifier, names }: Import): boolean {
  return specifier.startsWith('@gatehouse/kernel/') && names.length === 0
}

function mayDashboardTake(path: string, { specifier }: Import): boolean {
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(path), specifier).startsWith('packages/dashboard/')
  }
  if (specifier.startsWith('node:')) return false
  return !specifier.startsWith('@gatehouse/') || specifier === '@gatehouse/sdk'
}
