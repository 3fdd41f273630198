import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

const access = {
  kind: 'public',
  because: 'whoever writes a client must be able to read how the API works',
  limit: { name: 'documentation', by: 'ip' },
} as const
const tag = 'documentation'
const page = { status: 200, mediaType: 'text/html; charset=utf-8' } as const

export const readOpenApi = defineEndpoint({
  method: 'GET',
  path: '/openapi.json',
  id: 'readOpenApi',
  summary: 'Read this document',
  tag,
  access,
  reply: { status: 200, mediaType: 'application/json; charset=utf-8', otherStatuses: [304] },
  problems: [],
})

export const readServiceOpenApi = defineEndpoint({
  method: 'GET',
  path: '/openapi/{file}',
  id: 'readServiceOpenApi',
  summary: 'Read the part of this document that belongs to one service',
  tag,
  access,
  params: z.strictObject({ file: text(1, 100).meta({ examples: ['oversight.json'] }) }),
  reply: { status: 200, mediaType: 'application/json; charset=utf-8', otherStatuses: [304] },
  problems: ['NOT_FOUND'],
})

export const listDocumentation = defineEndpoint({
  method: 'GET',
  path: '/docs',
  id: 'listDocumentation',
  summary: 'Show the table of contents of the documentation',
  tag,
  access,
  reply: page,
  problems: [],
})

export const listOperations = defineEndpoint({
  method: 'GET',
  path: '/docs/operations/{part}',
  id: 'listOperations',
  summary: 'Show all operations of one section of the API',
  tag,
  access,
  params: z.strictObject({ part: text(1, 100).meta({ examples: ['account'] }) }),
  reply: { ...page, otherStatuses: [404] },
  problems: [],
})

export const listProblems = defineEndpoint({
  method: 'GET',
  path: '/docs/problems',
  id: 'listProblems',
  summary: 'Show the list of all problem codes',
  tag,
  access,
  reply: page,
  problems: [],
})

export const readProblem = defineEndpoint({
  method: 'GET',
  path: '/docs/problems/{code}',
  id: 'readProblem',
  summary: 'Show what a problem code means and how to resolve it',
  description: 'The `type` URI of an error response refers to this page.',
  tag,
  access,
  params: z.strictObject({ code: text(1, 100).meta({ examples: ['RATE_LIMITED'] }) }),
  reply: { ...page, otherStatuses: [404] },
  problems: [],
})

export const readSecurityPolicy = defineEndpoint({
  method: 'GET',
  path: '/docs/security',
  id: 'readSecurityPolicy',
  summary: 'Show the vulnerability disclosure policy',
  tag,
  access,
  reply: page,
  problems: [],
})

export const readHallOfFame = defineEndpoint({
  method: 'GET',
  path: '/docs/hall-of-fame',
  id: 'readHallOfFame',
  summary: 'Show the reporters of vulnerabilities who are credited',
  tag,
  access,
  reply: page,
  problems: [],
})

export const readDocumentationStyle = defineEndpoint({
  method: 'GET',
  path: '/docs/style.css',
  id: 'readDocumentationStyle',
  summary: 'Read the stylesheet of the documentation',
  tag,
  access,
  reply: { status: 200, mediaType: 'text/css; charset=utf-8' },
  problems: [],
})

export const readDocumentationFont = defineEndpoint({
  method: 'GET',
  path: '/docs/fonts/{file}',
  id: 'readDocumentationFont',
  summary: 'Read a font of the documentation',
  tag,
  access,
  params: z.strictObject({ file: text(1, 100) }),
  reply: { status: 200, mediaType: 'font/woff2' },
  problems: ['NOT_FOUND'],
})
