import { defineProblems } from '@gatehouse/kernel/problem'

/** What any endpoint can answer, whatever its service. */
export const problems = defineProblems({
  VALIDATION_ERROR: [400, 'The request is not valid'],
  UNAUTHORIZED: [401, 'The credential is missing or not valid'],
  FORBIDDEN: [403, 'This credential may not do that'],
  SUDO_REQUIRED: [403, 'This needs a fresh proof of who you are'],
  NOT_FOUND: [404, 'There is nothing here'],
  IDEMPOTENCY_KEY_BUSY: [409, 'The first request under this Idempotency-Key is not answered yet'],
  IDEMPOTENCY_KEY_REUSED: [422, 'This Idempotency-Key was used for another request'],
  TOO_LARGE: [413, 'The body is too large'],
  RATE_LIMITED: [429, 'Too many requests'],
  INTERNAL: [500, 'Something went wrong on our side'],
  UNAVAILABLE: [503, 'Not available at the moment'],
})
