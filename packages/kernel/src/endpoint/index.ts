export {
  bind,
  defineEndpoint,
  RawReply,
  WithHeaders,
  type Access,
  type BoundEndpoint,
  type CallerOf,
  type Endpoint,
  type Handler,
  type InputOf,
  type Method,
  type PublicLimit,
  type Reply,
  type ReplyOf,
  type RequestContext,
  type Visitor,
} from './endpoint.ts'
export { createCursors, type Cursors } from './cursors.ts'
export { displayName, instant, text, ulid, wholeNumber } from './fields.ts'
export { toFieldFaults } from './to-field-faults.ts'
export { escapeHtml, html, type Html, type HtmlValue } from './html.ts'
export { toOpenApi, type OpenApiInfo, type OpenApiSection } from './to-openapi.ts'
