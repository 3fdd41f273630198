import type { RecurringJob } from '@gatehouse/kernel/jobs'
import type { OversightDeps } from '../deps.ts'
import { lapseContests } from '../usecases/contests.ts'
import { foldNightly } from '../usecases/fold-nightly.ts'
import { followOrganisations } from '../usecases/follow-organisation.ts'
import { foldCoverage } from '../usecases/get-coverage.ts'
import { issueNorms } from '../usecases/issue-norms.ts'
import { refoldSample } from '../usecases/refold-sample.ts'
import { verifyChains } from '../usecases/verify-chains.ts'
import { watchRequests } from '../usecases/watch-requests.ts'

/** The service's recurring jobs. Folds and norms run every hour and skip what is already done. */
export function oversightRecurring(deps: OversightDeps): readonly RecurringJob[] {
  const jobs = [
    ['fold', '2 * * * *', foldNightly],
    ['watch-requests', '5 * * * *', watchRequests],
    ['contests', '7 * * * *', lapseContests],
    ['issue-norms', '10 * * * *', issueNorms],
    ['refold-sample', '20 0 * * *', refoldSample],
    ['follow-organisations', '30 0 * * *', followOrganisations],
    ['coverage', '41 * * * *', foldCoverage],
    ['verify-chains', '50 3 * * 0', verifyChains],
  ] as const
  return jobs.map(([name, cron, run]) => ({
    name: `oversight.${name}`,
    cron,
    run: async ({ signal }) => void (await run(deps, signal)),
  }))
}
