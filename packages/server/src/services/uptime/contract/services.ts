import { defineEndpoint, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { twoDoors } from '../../../service/two-doors.ts'
import {
  newLogo,
  newService,
  serviceChange,
  servicePreview,
  servicePreviewReply,
  serviceReply,
} from './service-shapes.ts'
import { layoutReply, newLayout } from './layout-shapes.ts'
import { byId, done, nothing } from '../../../service/shapes.ts'
import { atLeastOne, hasMembers } from './shapes.ts'

const tag = 'status pages'
const reads = { kind: 'key', scope: 'services:read' } as const
const writes = { kind: 'key', scope: 'services:write' } as const

const oneService = z.strictObject({ service: serviceReply })

export const listServices = defineEndpoint({
  method: 'GET',
  path: '/api/v1/services',
  id: 'listServices',
  summary: 'List status pages',
  tag,
  access: reads,
  tool: { name: 'list_services', annotations: readsTool },
  reply: { status: 200, schema: z.strictObject({ services: z.array(serviceReply) }) },
  problems: [],
})

export const listStatusPages = defineEndpoint({
  ...listServices,
  path: '/api/v1/status-pages',
  id: 'listStatusPages',
  summary: 'List status pages (former path of listServices)',
  reply: { status: 200, schema: z.strictObject({ statusPages: z.array(serviceReply) }) },
  deprecated: true,
})

export const createService = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services',
  id: 'createService',
  summary: 'Create a status page',
  tag,
  access: writes,
  body: newService,
  reply: { status: 201, schema: oneService },
  example: { body: { name: 'Acme Status', slug: 'acme-status' } },
  problems: ['CONFLICT', 'PLAN_REQUIRED'],
})

export const createStatusPage = defineEndpoint({
  ...createService,
  path: '/api/v1/status-pages',
  id: 'createStatusPage',
  summary: 'Create a status page (former path of createService)',
  deprecated: true,
})

export const updateService = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/services/{id}',
  id: 'updateService',
  summary: 'Change a status page',
  tag,
  access: writes,
  params: byId,
  body: serviceChange.refine(hasMembers, atLeastOne).meta({ id: 'ServiceChange' }),
  reply: { status: 200, schema: oneService },
  example: { body: { description: 'How our shop is doing' } },
  problems: ['NOT_FOUND', 'CONFLICT'],
})

const oneLayout = z.strictObject({ layout: layoutReply })

export const getServiceLayout = defineEndpoint({
  method: 'GET',
  path: '/api/v1/services/{id}/layout',
  id: 'getServiceLayout',
  summary: 'Read the sections and components of a status page, including hidden ones',
  tag,
  access: reads,
  params: byId,
  reply: { status: 200, schema: oneLayout },
  problems: ['NOT_FOUND'],
})

export const setServiceLayout = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/services/{id}/layout',
  id: 'setServiceLayout',
  summary: 'Replace the layout of a status page: all of its sections and components, in display order',
  tag,
  access: writes,
  params: byId,
  body: newLayout,
  reply: { status: 200, schema: oneLayout },
  example: {
    body: {
      sections: [{ name: 'Shop' }],
      components: [{ state: 'up', displayName: 'Telephone orders', section: 0 }],
    },
  },
  problems: ['NOT_FOUND'],
})

export const setServiceLogo = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/services/{id}/logo',
  id: 'setServiceLogo',
  summary: 'Set the logo of a status page',
  tag,
  access: writes,
  params: byId,
  body: newLogo,
  reply: { status: 200, schema: oneService },
  example: {
    body: {
      content:
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    },
  },
  problems: ['NOT_FOUND'],
})

export const removeServiceLogo = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}/logo',
  id: 'removeServiceLogo',
  summary: 'Remove the logo of a status page',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: oneService },
  problems: ['NOT_FOUND'],
})

export const createViewLink = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/view-link',
  id: 'createViewLink',
  summary:
    'Create a link that opens a members-only status page; it can be used once and expires after one minute',
  tag,
  access: reads,
  params: byId,
  body: nothing,
  reply: { status: 200, schema: z.strictObject({ url: z.string() }) },
  problems: ['NOT_FOUND'],
  revealsSecret: true,
  secretMembers: ['url'],
})

/** Changes nothing, so read access is enough. */
export const previewService = defineEndpoint({
  method: 'POST',
  path: '/api/v1/services/{id}/preview',
  id: 'previewService',
  summary: 'Preview a status page as its visitors would see it, without saving changes',
  tag,
  access: reads,
  params: byId,
  body: servicePreview,
  reply: { status: 200, schema: z.strictObject({ preview: servicePreviewReply }) },
  example: { body: { name: 'Acme Status', language: 'en' } },
  problems: ['NOT_FOUND'],
})

export const deleteService = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/services/{id}',
  id: 'deleteService',
  summary: 'Delete a status page; its monitors move to the default page, which cannot be deleted',
  tag,
  access: writes,
  params: byId,
  reply: { status: 200, schema: done },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const serviceEndpoints = [
  ...twoDoors(
    listServices,
    listStatusPages,
    createService,
    createStatusPage,
    updateService,
    getServiceLayout,
    setServiceLayout,
    setServiceLogo,
    removeServiceLogo,
    createViewLink,
    previewService,
    deleteService,
  ),
]
