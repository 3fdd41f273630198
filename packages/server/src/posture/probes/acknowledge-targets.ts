import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { asOwner, ask, firstOrg, ownerOf } from './ask.ts'

const path = '/dashboard/acknowledgements/targets'
const reply = z.object({
  data: z.object({
    version: z.number(),
    acknowledged: z
      .object({ version: z.number(), by: z.object({ id: z.string() }), at: z.string() })
      .nullable(),
    isCurrent: z.boolean(),
  }),
})

/** Lets an owner acknowledge the targets: who did so, when and with which wording must be stored. */
export async function acknowledgeTargets(target: Target): Promise<Finding> {
  const org = firstOrg(target)
  const { userId } = ownerOf(org)
  const { data: before } = await ask(target, reply, path, asOwner(org))
  const call = { method: 'PUT', ...asOwner(org), body: { version: before.version } } as const
  await ask(target, reply, path, call)
  const { data: after } = await ask(target, reply, path, asOwner(org))
  const figures = { version: before.version, isCurrent: after.isCurrent }
  if (after.acknowledged === null || !after.isCurrent)
    return fails('What an owner said of their targets is not kept', figures)
  return after.acknowledged.by.id === userId && after.acknowledged.version === before.version
    ? holds(figures)
    : fails('What is kept does not say who said so, or to which words', figures)
}
