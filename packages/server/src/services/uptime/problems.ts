import { defineProblems } from '@gatehouse/kernel/problem'

/** The errors of the uptime service; public clients match on the codes. */
export const problems = defineProblems({
  VALIDATION_ERROR: [400, 'The request is not valid'],
  INVALID_CONFIG: [400, 'The configuration is not valid'],
  INVALID_TYPE: [400, 'This type does not exist or does not support the operation'],
  INVALID_STATE: [400, 'The incident is in a state that does not allow this'],
  NOT_MANUAL: [400, 'Only an incident created by a person can be deleted'],
  CHANNEL_INACTIVE: [400, 'The channel is switched off'],
  CHANNEL_UNVERIFIED: [400, 'The e-mail address of this channel is not verified yet'],
  EMAIL_NOT_CONFIGURED: [400, 'This operation sends e-mail, but no mail server is configured'],
  TOO_MANY_ATTEMPTS: [400, 'Too many attempts'],
  EXPIRED_TOKEN: [400, 'This link is not valid: it was already used, has expired or does not exist'],
  MONITOR_LIMIT_REACHED: [402, 'The plan allows no further monitor'],
  INTERVAL_TOO_SHORT: [402, 'The plan does not allow so short an interval'],
  CHANNEL_LIMIT_REACHED: [402, 'The plan allows no further channel'],
  PLAN_REQUIRED: [402, 'The plan does not include this'],
  NOT_FOUND: [404, 'There is nothing here'],
  CONFLICT: [409, 'This value is already in use'],
  SUBSCRIBERS_FULL: [409, 'This status page takes no more subscribers'],
  RATE_LIMITED: [429, 'Too many requests'],
  TEST_COOLDOWN: [429, 'Wait before sending another test'],
  DELIVERY_FAILED: [502, 'The message could not be delivered'],
  CHECK_UNAVAILABLE: [503, 'We could not check'],
})
