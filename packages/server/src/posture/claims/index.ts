import type { Claim } from '../define-claim.ts'
import { auditClaims } from './audit.ts'
import { disclosureClaims } from './disclosure.ts'
import { egressClaims } from './egress.ts'
import { headerClaims } from './headers.ts'
import { hostingClaims } from './hosting.ts'
import { incidentClaims } from './incidents.ts'
import { inputClaims } from './input.ts'
import { keyClaims } from './keys.ts'
import { limitClaims } from './limits.ts'
import { playbookClaims } from './playbook.ts'
import { practiceClaims } from './practice.ts'
import { refusalClaims } from './refusals.ts'
import { retentionClaims } from './retention.ts'
import { sessionClaims } from './sessions.ts'
import { storageClaims } from './storage.ts'
import { supplyChainClaims } from './supply-chain.ts'
import { targetClaims } from './targets.ts'
import { tenancyClaims } from './tenancy.ts'
import { transportClaims } from './transport.ts'
import { uptimeAlertClaims } from './uptime-alerts.ts'
import { webhookClaims } from './webhooks.ts'

/** All claims of the security page; one file per subject. */
export const claims: readonly Claim[] = [
  ...keyClaims,
  ...sessionClaims,
  ...refusalClaims,
  ...limitClaims,
  ...tenancyClaims,
  ...inputClaims,
  ...egressClaims,
  ...webhookClaims,
  ...uptimeAlertClaims,
  ...targetClaims,
  ...auditClaims,
  ...retentionClaims,
  ...storageClaims,
  ...transportClaims,
  ...headerClaims,
  ...disclosureClaims,
  ...incidentClaims,
  ...playbookClaims,
  ...supplyChainClaims,
  ...practiceClaims,
  ...hostingClaims,
]
