import { defineProblems } from '@gatehouse/kernel/problem'

export const problems = defineProblems({
  VALIDATION_ERROR: [400, 'Request validation failed'],
  NOT_FOUND: [404, 'Not found'],
})
