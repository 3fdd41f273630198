export { chooseEncoding, type Encoding } from './choose-encoding.ts'
export { contentPolicy } from './content-policy.ts'
export {
  bind,
  defineEndpoint,
  PreparedReply,
  RawReply,
  Otherwise,
  WithHeaders,
  type Access,
  type BoundEndpoint,
  type CallerOf,
  type Endpoint,
  type EndpointExample,
  type Handler,
  type InputOf,
  type Method,
  type PublicLimit,
  type Reply,
  type ReplyOf,
  type RequestContext,
  type Tool,
  type Visitor,
} from './endpoint.ts'
export { EventsReply, type EventConnection, type EventTerms, type ServerEvent } from './events.ts'
export {
  socketCloses,
  SocketReply,
  type LaterProof,
  type SocketConnection,
  type SocketListener,
  type SocketTerms,
} from './socket.ts'
export { bindEndpoints, type HandlersOf } from './bind-endpoints.ts'
export { createCursors, type Cursors } from './cursors.ts'
export { emailAddress, emailDomain, parseEmail, showEmail } from './email-address.ts'
export { publicHostName } from './public-host-name.ts'
export { findUnfit } from './find-unfit.ts'
export { showHost, showUrl } from './show-host.ts'
export { withoutGaps } from './without-gaps.ts'
export { displayName } from './display-name.ts'
export { day, instant, jsonValue, signingSecret, text, ulid, wholeNumber } from './fields.ts'
export { proof, provesIdentity } from './proves-identity.ts'
export { addsOnceTool, addsTool, readsTool } from './tool-hints.ts'
export { toFieldFaults } from './to-field-faults.ts'
export { escapeHtml, html, type Html, type HtmlValue } from './html.ts'
export { fileMediaType, toOpenApi, type OpenApiInfo, type OpenApiSection } from './to-openapi.ts'
export type { OpenApiWebhook } from './to-openapi-webhooks.ts'
export { prepareReply } from './prepare-reply.ts'
