import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes half a minute or more on two cores, the longest first: one of these begun last keeps a whole run waiting while
 * all other cores are idle. Where nothing is known of an earlier run, as in CI, Vitest itself goes by the size of a file.
 */
export const longest = [
  'packages/server/test/every-screen-is-accessible.browser.test.ts',
  'packages/server/src/services/volatility/jobs/feed-takeover.net.test.ts',
  'packages/server/test/oversight-killed-twenty-times.net.test.ts',
  'packages/server/test/import-survives-kills.net.test.ts',
  'packages/server/test/killed-twenty-times.net.test.ts',
  'packages/server/test/guides.net.test.ts',
  'packages/server/test/volatility-export.net.test.ts',
  'packages/server/test/team-pages.browser.test.ts',
  'packages/cli/src/own-claims.test.ts',
  'packages/server/test/oversight-screens.browser.test.ts',
  'packages/server/test/overview.browser.test.ts',
  'packages/server/test/starts-and-stops.net.test.ts',
  'packages/server/test/pages-and-incidents.browser.test.ts',
  'packages/server/test/alerts.browser.test.ts',
  'tools/npm-start.test.ts',
  'packages/server/test/account-pages.browser.test.ts',
  'packages/server/test/every-endpoint-refuses-strangers.net.test.ts',
  'packages/server/test/a-used-database-never-gets-new-keys.net.test.ts',
  'packages/server/test/volatility-screens.browser.test.ts',
  'packages/server/test/volatility-from-the-command-line.net.test.ts',
  'packages/server/test/a-deployment-is-probed-from-outside.net.test.ts',
  'packages/server/test/probes-run-on-any-node.net.test.ts',
]

/** Then what drives a browser, what opens sockets and what asks a database; what needs none of them fills the gaps. */
const kinds = ['.browser.test.ts', '.net.test.ts', '.db.test.ts', '.test.ts']

/** The order in which the files of a run begin. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- this is the order of Vitest, which stands among equals
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const known = longest.findIndex((file) => moduleId.endsWith(`/${file}`))
  return known === -1 ? longest.length + kinds.findIndex((kind) => moduleId.endsWith(kind)) : known
}
