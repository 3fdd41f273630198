import { mutate, sha256Hex, toCanonicalJson, type Decision } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { toErrorFields } from '@gatehouse/kernel/log'
import { version } from '../../service/version.ts'
import type { VerifiedClaim } from '../define-claim.ts'
import type { PostureDeps } from '../deps.ts'
import type { Evidence } from '../domain/evidence.ts'
import type { Circumstances } from '../domain/judge-standing.ts'
import type { ProbeOptions } from '../probe-deployment.ts'
import { policy as pace } from '../policy.ts'
import type { ProbeResult } from '../run.ts'
import { signRecord } from '../sign.ts'
import { insertEvidence, listEvidence } from '../store/evidence-store.ts'
import { toCircumstances, toUntil } from './circumstances.ts'
import { asInstance } from './in-instance.ts'
import { notePolicy } from './note-policy.ts'

export type Probing = Pick<ProbeOptions, 'onProgress' | 'mayGoOn' | 'signal'> & {
  readonly runId: string
  readonly claims: readonly VerifiedClaim[]
}

/** Probes these claims, and stores a signed record of each result as soon as there is one. */
export async function probeClaims(deps: PostureDeps, { runId, ...probing }: Probing): Promise<void> {
  const circumstances = await toCircumstances(deps)
  await notePolicy(deps)
  await deps.probe({
    ...probing,
    restMsMax: pace.restMsMax,
    onResult: (result) => recordResult(deps, runId, circumstances, result),
  })
}

async function recordResult(
  deps: PostureDeps,
  runId: string,
  { build, policy }: Circumstances,
  { claim, finding, startedMs, endedMs }: ProbeResult,
): Promise<void> {
  const { verdict, figures } = finding
  const evidence: Evidence = signRecord(
    {
      v: 1 as const,
      id: newId(startedMs),
      run_id: runId,
      claim: claim.id,
      control: claim.control,
      verdict,
      because: finding.verdict === 'holds' ? null : finding.because,
      figures: { ...figures },
      started: new Date(startedMs).toISOString(),
      ended: new Date(endedMs).toISOString(),
      version,
      build,
      policy,
      prober: 'self' as const,
    },
    deps.signingKey,
  )
  const before = await findVerdict(deps, claim.id)
  await append(deps, evidence, before === 'fails' && verdict === 'holds')
  if (verdict === 'fails') await tell(deps, claim, evidence, before !== 'fails')
}

async function findVerdict(deps: PostureDeps, claim: string): Promise<Evidence['verdict'] | undefined> {
  const newest = await within(deps, asInstance, (tx) =>
    listEvidence(tx, [claim], 1, toUntil(deps.clock.now())),
  )
  return newest.get(claim)?.[0]?.verdict
}

async function append(deps: PostureDeps, evidence: Evidence, isRecovery: boolean): Promise<void> {
  const record = toCanonicalJson(evidence)
  await mutate(deps, asInstance, async (tx) => {
    await insertEvidence(tx, evidence, record)
    const at = deps.clock.now()
    const { claim, id, verdict, run_id: run } = evidence
    const probed: Decision = {
      action: 'posture.probe',
      resourceId: claim,
      detail: { evidence: id, run, verdict, sha256: sha256Hex(record) },
      at,
    }
    const recovered: Decision = { action: 'posture.recover', resourceId: claim, detail: { evidence: id }, at }
    return { result: undefined, entry: isRecovery ? [probed, recovered] : [probed] }
  })
}

/**
 * Notifies of a failed claim. A node that cannot notify anybody continues probing: the page shows the failure anyway.
 */
async function tell(
  deps: PostureDeps,
  claim: VerifiedClaim,
  { ended, because }: Evidence,
  isNew: boolean,
): Promise<void> {
  try {
    await deps.openIncident(claim.id, toTitle(claim, because))
    if (isNew) await deps.tellFailed(claim.id, Date.parse(ended))
  } catch (error) {
    deps.log.error('That a claim fails could not be told', toErrorFields(error))
  }
}

const titleMax = 200

function toTitle({ id }: VerifiedClaim, because: string | null): string {
  const title = `${id} does not hold: ${because ?? ''}`
  return title.length <= titleMax ? title : `${title.slice(0, titleMax - 1)}…`
}
