import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { mutate, toKeyList, verifierFile } from '@gatehouse/kernel/audit'
import { recordTelemetry, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal, SystemPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import { type ArchiveFile, packArchive, type PackedFile } from './pack-archive.ts'
import { readOrgRows } from '../store/org-export-store.ts'
import { toAuditLines } from './export-audit-logs.ts'
import { findTestPrincipal } from './test-org.ts'

export type ExportDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'auditKeys' | 'orgTables'>

/**
 * Exports everything that the instance stores about an org (T7), as a gzipped tar: a JSON lines file per table, the
 * audit chain with the offline verifier, the same for its test org below `test/`, and a manifest of all files. Each
 * table is read as of one moment.
 */
export async function exportTeam(
  deps: ExportDeps,
  principal: MemberPrincipal | SystemPrincipal,
): Promise<Readable> {
  const at = deps.clock.now()
  const testPrincipal = await findTestPrincipal(deps, principal)
  const files = [
    ...(await orgFiles(deps, principal, '', at)),
    ...(testPrincipal === undefined ? [] : await orgFiles(deps, testPrincipal, 'test/', at)),
    ...verifierFiles(deps),
  ]
  return packArchive(files, (packed) => toManifest(deps, principal.orgId, packed, at), new Date(at))
}

async function orgFiles(
  deps: ExportDeps,
  principal: MemberPrincipal | SystemPrincipal,
  folder: string,
  at: number,
): Promise<readonly ArchiveFile[]> {
  await mutate(deps, principal, async () => ({
    result: undefined,
    entry: { action: 'org.export', resourceId: principal.orgId, at },
  }))
  const lastSeq = await recordTelemetry(deps, principal, (tx) => deps.audit.checkpoint(tx, at))
  const files = [...tableFiles(deps, principal), auditFile(deps, principal, lastSeq)]
  return files.map(({ name, writeTo }) => ({ name: `${folder}${name}`, writeTo }))
}

function tableFiles(deps: ExportDeps, principal: MemberPrincipal | SystemPrincipal): ArchiveFile[] {
  return deps.orgTables
    .filter(({ columns }) => columns.length > 0)
    .map((place) => ({
      name: `tables/${place.table}.ndjson`,
      writeTo: (write) => within(deps, principal, (tx) => readOrgRows(tx, place, write)),
    }))
}

function auditFile(
  deps: ExportDeps,
  principal: MemberPrincipal | SystemPrincipal,
  lastSeq: number,
): ArchiveFile {
  return {
    name: 'audit.ndjson',
    writeTo: async (write) => {
      for await (const line of toAuditLines(deps, principal, lastSeq)) await write(line)
    },
  }
}

function verifierFiles(deps: ExportDeps): readonly ArchiveFile[] {
  return [
    { name: 'verify-audit.mjs', writeTo: async (write) => write(await readFile(verifierFile, 'utf8')) },
    { name: 'keys.json', writeTo: (write) => write(toText({ keys: toKeyList(deps.auditKeys) })) },
  ]
}

function toManifest(
  { orgTables }: ExportDeps,
  orgId: string,
  files: readonly PackedFile[],
  atMs: number,
): ArchiveFile {
  const withheld = Object.fromEntries(
    orgTables.flatMap((place) => (place.withheld === undefined ? [] : [[place.table, place.withheld]])),
  )
  const manifest = {
    format: 'gatehouse-org-export',
    version: 1,
    orgId,
    exportedAt: new Date(atMs).toISOString(),
  }
  return { name: 'manifest.json', writeTo: (write) => write(toText({ ...manifest, files, withheld })) }
}

function toText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
