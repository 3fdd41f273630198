import { defineEndpoint } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { policy } from '../policy.ts'
import { done, time } from '../../service/shapes.ts'

const tag = 'teams'

export const deleteTeam = defineEndpoint({
  method: 'DELETE',
  path: '/dashboard/team',
  id: 'deleteTeam',
  summary: `Delete the organisation you act in, in ${policy.deletionDays} days, unless an owner changes their mind`,
  description:
    'Its owners are told by mail. Until then everything goes on, and nobody new can join. Asking again changes nothing.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  reply: { status: 200, schema: z.strictObject({ deletionScheduledAt: time }) },
  problems: [],
})

export const exportTeam = defineEndpoint({
  method: 'GET',
  path: '/dashboard/team/export',
  id: 'exportTeam',
  summary: 'Take everything that this instance holds of the organisation',
  description:
    'A gzipped tar: `tables/`, a file of JSON lines for each; `audit.ndjson` with `verify-audit.mjs` and `keys.json`, which verify it offline; and `manifest.json`, with the size and SHA-256 of every file. Secrets and what proves them are left out.',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true, limit: 'export-team' },
  reply: { status: 200, mediaType: 'application/gzip' },
  problems: [],
})

export const cancelTeamDeletion = defineEndpoint({
  method: 'POST',
  path: '/dashboard/team/cancel-deletion',
  id: 'cancelTeamDeletion',
  summary: 'Keep the organisation after all',
  tag,
  access: { kind: 'session', role: 'owner' },
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND', 'GOES_WITH_ACCOUNT'],
})

export const orgLifeEndpoints = [deleteTeam, exportTeam, cancelTeamDeletion]
