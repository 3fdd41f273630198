import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { Sealer } from '@gatehouse/kernel/secrets'
import { z } from 'zod'
import { languages } from '../domain/language.ts'
import type { WeaknessReport } from '../domain/weakness-report.ts'

const stored = z.strictObject({
  what: z.string(),
  impact: z.string(),
  reproduction: z.string(),
  contact: z.string(),
  creditName: z.string().nullable(),
  language: z.enum(languages),
})

/**
 * The stored form of a report: only the master key opens it, and only in its own row; this includes the reporter's
 * identity.
 */
export function sealReport(sealer: Sealer, caseId: string, report: WeaknessReport): string {
  return sealer.seal(toPlace(caseId), JSON.stringify(report))
}

export function openReport(sealer: Sealer, caseId: string, sealed: string): WeaknessReport {
  return stored.parse(JSON.parse(sealer.open(toPlace(caseId), sealed).reveal()))
}

function toPlace(row: string) {
  return { orgId: instanceOrgId, table: 'platform.disclosure_case', column: 'report_sealed', row }
}
