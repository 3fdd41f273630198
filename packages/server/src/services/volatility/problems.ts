import { defineProblems } from '@gatehouse/kernel/problem'

/** The problems of the volatility service; their codes are those of its specification. */
export const problems = defineProblems({
  /** The same text as from the gate: a key that was replaced concurrently is not valid. */
  UNAUTHORIZED: [401, 'The credential is missing or not valid'],
  key_in_url: [422, 'A key must not be in the URL'],
  plan_limit_reached: [402, 'The plan allows no more'],
  signature_invalid: [401, 'The signature is not valid'],
  not_offered: [404, 'This instance does not offer this function'],
  payment_unavailable: [503, 'The payment provider cannot be reached'],
  export_running: [429, 'An export is running already'],
  key_not_found: [404, 'There is no such key'],
  preset_not_found: [404, 'There is no such preset'],
  preset_name_taken: [409, 'A preset with this name already exists'],
  preset_in_use: [409, 'This preset is still in use'],
  event_not_found: [404, 'There is no such event'],
  symbol_not_allowed: [403, 'This key cannot access the symbol'],
  symbol_not_found: [404, 'There is no such symbol'],
  symbol_not_listed: [404, 'The venue does not list this symbol'],
  series_warming_up: [409, 'There are not enough bars yet'],
  endpoint_retired: [410, 'This endpoint was replaced by another one'],
  feed_unavailable: [503, 'The feed is not available at the moment'],
  webhook_closed: [409, 'The subscription is closed'],
  webhook_not_found: [404, 'There is no such subscription'],
  method_not_calibrated: [422, 'This method needs a calibration'],
  range_too_large: [422, 'The requested range takes too long to compute'],
  VALIDATION_ERROR: [400, 'The request is not valid'],
  RATE_LIMITED: [429, 'Too many requests'],
  UNAVAILABLE: [503, 'Not available at the moment'],
})
