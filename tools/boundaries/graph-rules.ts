import type { IRegularForbiddenRuleType } from 'dependency-cruiser'
import { moduleFolder, testPlace } from './places.ts'

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
    'cli-enters-by-two-doors',
    "besides the SDK, the CLI knows the server's published entries main and local",
    { path: '^packages/cli/' },
    { path: '^packages/(?!cli/|sdk/)', pathNot: '^packages/server/src/(?:main|local/index)\\.ts$' },
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
    'of the server, a service knows service.ts, the shape it has to have, and mail',
    { path: `^${moduleFolder}/`, pathNot: testPlace },
    {
      path: '^packages/server/src/',
      pathNot: [
        `^${moduleFolder}/`,
        '^packages/server/src/(?:http/|mail/index\\.ts$|(?:service|main|compose)\\.ts$)',
      ],
    },
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
        '^$1/(?:contract|policy|problems)\\.ts$',
        '^packages/kernel/src/(?:endpoint|ids|jobs|problem)/index\\.ts$',
      ],
    },
  ),
  forbid(
    'store-is-the-bottom',
    'a store serves use cases; it does not call them',
    { path: `^(${moduleFolder})/store/`, pathNot: testPlace },
    { path: '^$1/(?:usecases/|jobs/|pages/|index\\.ts$)' },
  ),
  forbid(
    'testing-is-for-tests',
    'what only tests need never runs elsewhere',
    { path: '^packages/', pathNot: testPlace },
    { path: testPlace },
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
