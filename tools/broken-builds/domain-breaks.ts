import type { Break } from './break.ts'

const kernel = 'packages/kernel/src'
const uptime = 'packages/server/src/services/uptime'
const domains = `${uptime}/usecases/custom-domain.db.test.ts`
const atDomain = 'packages/server/test/pages-at-their-own-domain.net.test.ts'

/** How each promise of domains could come to be broken. */
export const domainBreaks: readonly Break[] = [
  {
    promise: 'a-host-name-is-one-that-somebody-owns',
    broken: 'a name that many owners share is taken',
    file: `${kernel}/endpoint/public-host-name.ts`,
    find: 'parse(name, { allowPrivateDomains: true }).domain === null',
    replace: "name === ''",
    test: `${kernel}/endpoint/public-host-name.test.ts`,
  },
  {
    promise: 'aliases-are-followed-in-bounds',
    broken: 'an endless chain is followed to the end of the time',
    file: `${kernel}/egress/look-up-aliases.ts`,
    find: 'while (names.length < aliasesMax)',
    replace: 'while (names.length < aliasesMax * 2)',
    test: `${kernel}/egress/look-up-aliases.net.test.ts`,
  },
  {
    promise: 'aliases-are-followed-in-bounds',
    broken: 'names are compared letter by letter',
    file: `${kernel}/egress/look-up-aliases.ts`,
    find: 'return text.toLowerCase().replace',
    replace: 'return text.replace',
    test: `${kernel}/egress/look-up-aliases.net.test.ts`,
  },
  {
    promise: 'a-domain-needs-both-records',
    broken: 'one record is enough',
    file: `${uptime}/domain/custom-domain.ts`,
    find: "alias.outcome === 'found' && text.outcome === 'found'",
    replace: "alias.outcome === 'found' || text.outcome === 'found'",
    test: `${uptime}/domain/custom-domain.test.ts`,
  },
  {
    promise: 'a-domain-fails-after-seven-bad-days',
    broken: 'an eighth day is waited for',
    file: `${uptime}/domain/custom-domain.ts`,
    find: 'return days >= badDaysMax',
    replace: 'return days > badDaysMax',
    test: `${uptime}/domain/custom-domain.test.ts`,
  },
  {
    promise: 'a-page-is-at-a-domain-once-both-records-are-found',
    broken: 'a domain that waits is served',
    file: `${uptime}/store/domain-store.ts`,
    find: `    .select(['d.domain', 's.slug'])
    .where('d.status', '=', 'active')
`,
    replace: `    .select(['d.domain', 's.slug'])
`,
    test: domains,
  },
  {
    promise: 'a-domain-belongs-to-one-page',
    broken: 'what is active elsewhere may be asked for',
    file: `${uptime}/usecases/set-custom-domain.ts`,
    find: `    if (isElsewhere) throw domainTaken()
`,
    replace: '',
    test: domains,
  },
  {
    promise: 'a-domain-belongs-to-one-page',
    broken: 'two pages may be active at one domain',
    file: `${uptime}/migrations/0021_page_domains.sql`,
    find: 'CREATE UNIQUE INDEX page_domain_of_one_page',
    replace: 'CREATE INDEX page_domain_of_one_page',
    test: domains,
  },
  {
    promise: 'domains-come-with-a-plan',
    broken: 'every plan has them',
    file: `${uptime}/usecases/plan-limits.ts`,
    find: 'if (findPlan(plans, await lockPlan(tx)).customDomains) return',
    replace: 'if (findPlan(plans, await lockPlan(tx)).pagesMax !== 0) return',
    test: domains,
  },
  {
    promise: 'a-lost-domain-is-given-up-after-seven-days',
    broken: 'a day without an answer counts',
    file: `${uptime}/domain/custom-domain.ts`,
    find: `  if (!isAnswered(finding)) return undefined
`,
    replace: '',
    test: domains,
  },
  {
    promise: 'a-lost-domain-is-given-up-after-seven-days',
    broken: 'it is looked for each hour',
    file: `${uptime}/usecases/watch-custom-domains.ts`,
    find: 'watchHours * 3_600_000',
    replace: 'watchHours * 150_000',
    test: domains,
  },
  {
    promise: 'a-lost-domain-is-given-up-after-seven-days',
    broken: 'nobody is told',
    file: `${uptime}/usecases/watch-custom-domains.ts`,
    find: "if (action !== 'status_page.find_domain')",
    replace: "if (action === 'status_page.find_domain')",
    test: domains,
  },
  {
    promise: 'a-page-is-read-at-its-own-domain',
    broken: 'feeds are looked for where the page is not',
    file: `${uptime}/pages/page-cache.ts`,
    find: "domain === undefined ? loaded : { ...loaded, place: '' }",
    replace: 'loaded',
    test: atDomain,
  },
  {
    promise: 'a-page-is-read-at-its-own-domain',
    broken: 'the cookie is for a path that the host has not',
    file: `${uptime}/handlers/page-handlers.ts`,
    find: "{ location: '/', path: '' }",
    replace: "{ location: '/', path: `/status/${slug}` }",
    test: atDomain,
  },
  {
    promise: 'nothing-else-is-served-at-a-custom-host',
    broken: 'a path that the page has not is that of the instance',
    file: 'packages/server/src/http/custom-host-router.ts',
    find: 'find(toHostname(headers.host), toPath(url)) ?? url',
    replace: "(url.startsWith('/app') ? undefined : find(toHostname(headers.host), toPath(url))) ?? url",
    test: atDomain,
  },
  {
    promise: 'nothing-else-is-served-at-a-custom-host',
    broken: 'sockets open there',
    file: 'packages/server/src/http/listen.ts',
    find: '!customHosts.isFor(request) && sockets.accepts(request)',
    replace: 'sockets.accepts(request)',
    test: atDomain,
  },
  {
    promise: 'nothing-else-is-served-at-a-custom-host',
    broken: 'what is not there leads to the dashboard',
    file: 'packages/server/src/http/unserved.ts',
    find: 'deps.isCustomHost(request) ? renderNothingHere() : renderNotFoundPage(deps.publicPath)',
    replace: 'renderNotFoundPage(deps.publicPath)',
    test: atDomain,
  },
  {
    promise: 'a-certificate-is-for-active-domains-alone',
    broken: 'a proxy may get one for any name',
    file: `${uptime}/handlers/page-handlers.ts`,
    find: 'if (deps.hosts.find(toHostname(query.domain)) === undefined) throw',
    replace: "if (query.domain === '') throw",
    test: atDomain,
  },
  {
    promise: 'a-certificate-is-for-active-domains-alone',
    broken: 'a renewed certificate waits for a new start',
    file: 'packages/server/src/http/domain-certificates.ts',
    find: 'if (before?.state === state)',
    replace: 'if (before !== undefined)',
    test: atDomain,
  },
  {
    promise: 'a-certificate-is-for-active-domains-alone',
    broken: 'any name of a handshake reaches the folder',
    file: 'packages/server/src/http/listen.ts',
    find: `      if (!has(domain)) return done(null)
`,
    replace: '',
    test: atDomain,
  },
  {
    promise: 'a-domain-is-for-owners',
    broken: 'members change it',
    file: `${uptime}/contract/custom-domains.ts`,
    find: "'/dashboard/', 'owner')",
    replace: "'/dashboard/', 'member')",
    test: atDomain,
  },
  {
    promise: 'a-domain-is-set-step-by-step',
    broken: 'what was found is not said',
    file: 'packages/dashboard/src/status-pages/domain-records.tsx',
    find: '{found === null ? null : <Found type={type} found={found} />}',
    replace: '{null}',
    test: 'packages/server/test/page-domain.browser.test.ts',
  },
]
