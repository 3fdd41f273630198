import { defineProblems } from '@gatehouse/kernel/problem'

/** The problems that any endpoint can answer, whatever its service. */
export const problems = defineProblems({
  INVALID_JSON: [400, 'The body is not JSON'],
  VALIDATION_ERROR: [400, 'The request is not valid'],
  UNAUTHORIZED: [401, 'The credential is missing or not valid'],
  FORBIDDEN: [403, 'This credential may not do that'],
  SUDO_REQUIRED: [403, 'This operation requires re-authentication'],
  NOT_FOUND: [404, 'There is nothing here'],
  METHOD_NOT_ALLOWED: [405, 'This path does not support the method'],
  REQUEST_TIMEOUT: [408, 'The request was not received in time'],
  IDEMPOTENCY_KEY_BUSY: [409, 'The first request with this Idempotency-Key is still in progress'],
  IDEMPOTENCY_KEY_REQUIRED: [400, 'This operation requires an Idempotency-Key header'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This Idempotency-Key was used for another request'],
  TOO_LARGE: [413, 'The body is too large'],
  URI_TOO_LONG: [414, 'The URL is too long'],
  UPGRADE_REQUIRED: [426, 'This path accepts WebSocket connections only'],
  TOO_MANY_STREAMS: [429, 'There are too many open streams'],
  RATE_LIMITED: [429, 'Too many requests'],
  RATE_LIMITED_IP: [429, 'Too many requests from this address'],
  HEADERS_TOO_LARGE: [431, 'The headers are too large'],
  INTERNAL: [500, 'An internal error occurred'],
  UNAVAILABLE: [503, 'Not available at the moment'],
})
