import type { IRegularForbiddenRuleType } from 'dependency-cruiser'
import { kindFolders, moduleFolder, testPlace } from './places.ts'

/** The rules about which file may import which, for dependency-cruiser. Type-only imports count like any other. */
export const graphRules: readonly IRegularForbiddenRuleType[] = [
  forbid(
    'every-import-resolves',
    'an edge that nobody can follow is an edge that nobody checks',
    { path: '^packages/' },
    { couldNotResolve: true, path: String.raw`^\.|^@gatehouse/` },
  ),
  forbid(
    'kernel-imports-no-workspace',
    'the kernel stands alone',
    { path: '^packages/kernel/' },
    { path: '^packages/(?!kernel/)' },
  ),
  forbid(
    'kernel-concept-has-one-door',
    'a concept is entered through its index.ts',
    { path: '^packages/kernel/src/([^/]+)/' },
    {
      path: '^packages/kernel/src/[^/]+/',
      pathNot: ['^packages/kernel/src/$1/', '^packages/kernel/src/[^/]+/index\\.ts$'],
    },
  ),
  forbid(
    'kernel-concept-has-one-door',
    'a concept is entered through its index.ts',
    { pathNot: '^packages/kernel/' },
    { path: '^packages/kernel/src/', pathNot: '^packages/kernel/src/[^/]+/index\\.ts$' },
  ),
  forbid(
    'sdk-imports-no-workspace',
    'the SDK knows HTTP only',
    { path: '^packages/sdk/' },
    { path: '^packages/(?!sdk/)' },
  ),
  forbid(
    'cli-enters-by-the-doors',
    "besides the SDK, the CLI knows the server's published entries main, local and offline",
    { path: '^packages/cli/' },
    { path: '^packages/(?!cli/|sdk/)', pathNot: '^packages/server/src/(?:main|offline|local/index)\\.ts$' },
  ),
  forbid(
    'compose-is-the-top',
    'only the entries build the whole',
    { path: '^packages/server/src/', pathNot: [testPlace, '^packages/server/src/(?:main\\.ts|local/)'] },
    { path: '^packages/server/src/(?:main|compose)\\.ts$' },
  ),
  forbid(
    'service-imports-no-sibling',
    'services meet in compose.ts, through jobs',
    { path: `^(${moduleFolder})/`, pathNot: testPlace },
    { path: `^${moduleFolder}/`, pathNot: '^$1/' },
  ),
  forbid(
    'service-never-imports-http',
    'a service does not know how it is served',
    { path: `^${moduleFolder}/`, pathNot: testPlace },
    { path: '^packages/server/src/http/' },
  ),
  forbid(
    'service-imports-kernel-and-itself',
    'of the server, a service knows service/, what services are made of, and mail',
    { path: `^${moduleFolder}/`, pathNot: testPlace },
    {
      path: '^packages/server/src/',
      pathNot: [
        `^${moduleFolder}/`,
        '^packages/server/src/(?:http/|service/|mail/index\\.ts$|(?:main|compose)\\.ts$)',
      ],
    },
  ),
  forbid(
    'service-stands-below-services',
    'what services are made of knows no service, and not what serves them',
    { path: '^packages/server/src/service/', pathNot: testPlace },
    { path: '^packages/server/src/', pathNot: '^packages/server/src/(?:service/|mail/index\\.ts$)' },
  ),
  forbid(
    'domain-is-pure',
    'the domain decides with values alone',
    { path: '^(packages/.+?/domain)/', pathNot: testPlace },
    { path: '^packages/', pathNot: ['^$1/', '^packages/kernel/src/[^/]+/index\\.ts$'] },
  ),
  forbid(
    'contract-is-data',
    'a contract is zod schemas, endpoints and job payloads',
    { path: `^(${moduleFolder})/contract(?:/|\\.ts$)`, pathNot: testPlace },
    {
      path: '^packages/',
      pathNot: [
        '^$1/(?:contract|domain)/',
        `^$1/${kindFolders}/`,
        '^$1/(?:contract|policy|problems)\\.ts$',
        '^packages/server/src/service/(?:audit-door|member-doors|passkeys|shapes|two-doors)\\.ts$',
        '^packages/kernel/src/(?:endpoint|ids|jobs|problem)/index\\.ts$',
      ],
    },
  ),
  forbid(
    'kinds-stand-on-the-domain',
    'a kind is decided by values: of its service it knows the domain and the figures',
    { path: `^(${moduleFolder})/${kindFolders}/`, pathNot: testPlace },
    {
      path: '^packages/',
      pathNot: [
        `^$1/(?:domain|${kindFolders})/`,
        '^$1/policy\\.ts$',
        '^packages/kernel/src/[^/]+/index\\.ts$',
      ],
    },
  ),
  forbid(
    'imports-go-one-way',
    'inside a service: index → handlers, jobs → pages, usecases → contract, kinds → domain ← store',
    { path: `^(${moduleFolder})/(?:usecases|checks|pages)/`, pathNot: testPlace },
    { path: '^$1/(?:jobs/|handlers/|index\\.ts$)' },
  ),
  forbid(
    'imports-go-one-way',
    'inside a service: index → handlers, jobs → pages, usecases → contract, kinds → domain ← store',
    { path: `^(${moduleFolder})/jobs/`, pathNot: testPlace },
    { path: '^$1/(?:handlers/|index\\.ts$)' },
  ),
  forbid(
    'store-is-the-bottom',
    'a store serves use cases; it does not call them',
    { path: `^(${moduleFolder})/store/`, pathNot: testPlace },
    { path: '^$1/(?:usecases/|jobs/|pages/|checks/|handlers/|contract(?:/|\\.ts$)|(?:index|deps)\\.ts$)' },
  ),
  forbid(
    'testing-is-for-tests',
    'what only tests need never runs elsewhere',
    { path: '^packages/', pathNot: testPlace },
    { path: testPlace },
  ),
  forbid(
    'simulators-stand-apart',
    'what stands in for others is reached over sockets, never imported by what it stands in for',
    { path: '^packages/server/src/services/', pathNot: [testPlace, '/simulator/'] },
    { path: '^packages/server/src/services/[^/]+/simulator/' },
  ),
  forbid(
    'no-cycles',
    'two files that need each other are one file',
    { path: '^packages/' },
    { circular: true },
  ),
]

function forbid(
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return { name, comment, severity: 'error', from, to }
}
