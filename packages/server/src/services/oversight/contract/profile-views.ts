import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { memberDoors } from '../../../service/member-doors.ts'
import { nextCursor, pageLimit } from '../../../service/shapes.ts'
import { viewerKinds, viewWays } from '../domain/profile-view.ts'
import { oversightPolicy } from '../policy.ts'
import { envelope, time } from './blocks.ts'
import { operatorId } from './fields.ts'

/** One reader of a person's figures on one day. */
export const profileView = z
  .strictObject({
    day: z.string(),
    /** `link`: whoever holds an access link to the own record. */
    kind: z.enum(viewerKinds),
    /** A member's name while they are one, or the name of a key; null if that is not known. */
    name: z.string().nullable(),
    /** The displayable part of an API key; null for people. */
    key_prefix: z.string().nullable(),
    /** By what they looked, in the order in which they did first. */
    ways: z.array(z.enum(viewWays)),
    first_at: time,
    last_at: time,
    /** Looks within a quarter of an hour count as one. */
    looks: z.int(),
  })
  .meta({ id: 'ProfileView' })

export type ProfileViewReply = z.input<typeof profileView>

const viewPage = z.strictObject({
  limit: pageLimit(oversightPolicy.ownRecord.viewsPageMax, 20),
  cursor: text(1, 500).optional(),
})

export type ViewPage = z.output<typeof viewPage>

const reply = {
  status: 200,
  schema: z.strictObject({ ...envelope, views: z.array(profileView), next_cursor: nextCursor }),
} as const

export const listOperatorViews = defineEndpoint({
  method: 'GET',
  path: '/v1/operator/{operator_id}/views',
  id: 'listOperatorViews',
  summary: 'List who looked at the figures of an operator, newest first: one entry per reader and day',
  tag: 'views',
  access: { kind: 'key', scope: 'operators:read' },
  params: z.strictObject({ operator_id: operatorId }),
  query: viewPage,
  reply,
  problems: ['NOT_FOUND', 'OPERATOR_ID_INVALID'],
})

const listOwnViews = defineEndpoint({
  method: 'GET',
  path: '/v1/own-record/views',
  id: 'listOwnViews',
  summary: 'List who looked at your figures, newest first: one entry per reader and day',
  tag: 'own record',
  access: { kind: 'link' },
  query: viewPage,
  reply,
  problems: ['NOT_FOUND'],
})

export const ownViewEndpoints = [
  listOwnViews,
  ...memberDoors('oversight', { role: 'viewer' }, listOwnViews),
] as const
