import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { asOwner, ask, firstOrg } from './ask.ts'

const verdict = z.object({ intact: z.boolean(), entries: z.number(), faults: z.array(z.unknown()) })

/** Lets the deployment verify the whole chain of the probe's org. */
export async function verifyChain(target: Target): Promise<Finding> {
  const { intact, entries, faults } = await ask(
    target,
    verdict,
    '/dashboard/audit-logs/verify',
    asOwner(firstOrg(target)),
  )
  const figures = { entries, faults: faults.length }
  if (!intact) return fails('The audit chain does not verify', figures)
  return entries === 0 ? fails('The audit chain of an organisation is empty', figures) : holds(figures)
}
