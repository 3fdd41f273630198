import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { done, time } from '../../service/shapes.ts'

const tag = 'teams'

export const deleteTeam = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/team',
  id: 'deleteTeam',
  summary: `Schedule the deletion of your current organisation in ${policy.deletionDays} days; an owner can cancel it until then`,
  description:
    'The owners are notified by e-mail. Until the deletion the organisation keeps working, but new members cannot join. Repeating the request has no effect.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  reply: { status: 200, schema: z.strictObject({ deletionScheduledAt: time }) },
  problems: [],
})

export const exportTeam = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/export',
  id: 'exportTeam',
  summary: 'Export all data that this instance stores about the organisation',
  description:
    'The reply is a gzipped tar archive. `tables/` contains one NDJSON file per database table. `audit.ndjson` contains the audit log; `verify-audit.mjs` and `keys.json` verify it offline. `manifest.json` contains the size and SHA-256 of every file. Secrets and their hashes are omitted.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true, limit: 'export-team' },
  reply: { status: 200, mediaType: 'application/gzip' },
  problems: [],
})

export const cancelTeamDeletion = defineEndpoint({
  method: 'POST',
  path: '/dashboard/team/cancel-deletion',
  id: 'cancelTeamDeletion',
  summary: 'Cancel the scheduled deletion of the organisation',
  tag,
  access: { kind: 'session', role: 'owner' },
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND', 'GOES_WITH_ACCOUNT'],
})

export const orgLifeEndpoints = [deleteTeam, exportTeam, cancelTeamDeletion]
