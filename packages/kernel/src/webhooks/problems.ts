import { defineProblems } from '../problem/index.ts'

export const problems = defineProblems({
  VALIDATION_ERROR: [400, 'The request is not valid'],
  NOT_FOUND: [404, 'There is nothing here'],
  WEBHOOK_DISABLED: [409, 'The webhook is disabled'],
  WEBHOOK_LIMIT_REACHED: [409, 'The organisation has reached the maximum number of webhooks'],
})
