import { z } from 'zod'
import { fails, type Finding, holds } from '../finding.ts'
import type { Target } from '../target.ts'
import { parseJson } from './ask.ts'

const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string().optional(),
      licenses: z.array(z.unknown()).optional(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string() })),
})

/** The product depends on more packages than this. */
const componentsMin = 30

/**
 * Reads the bill of materials of the running code: it must have the claimed format, with packages, their origin and
 * their hashes.
 */
export async function readSbom(target: Target): Promise<Finding> {
  const { status, text } = await target.send('/.well-known/sbom.json')
  if (status !== 200) return fails(`/.well-known/sbom.json answered ${status}`, { status })
  const parsed = bill.safeParse(parseJson(text))
  if (!parsed.success) return fails('The bill of materials is not of the format CycloneDX')
  const { specVersion, components, dependencies } = parsed.data
  const hashed = components.filter(({ hashes = [] }) => hashes.length > 0).length
  const figures = { specVersion, components: components.length, hashed, dependencies: dependencies.length }
  if (specVersion !== '1.6') return fails(`The bill of materials is of version ${specVersion}`, figures)
  if (components.length < componentsMin) return fails('The bill of materials names too few packages', figures)
  if (components.some(({ purl }) => purl === undefined))
    return fails('A package of the bill of materials has no origin', figures)
  return hashed < componentsMin
    ? fails('Packages of the bill of materials carry no hash', figures)
    : holds(figures)
}
