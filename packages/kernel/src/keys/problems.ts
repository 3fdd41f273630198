import { defineProblems } from '../problem/index.ts'

export const problems = defineProblems({
  VALIDATION_ERROR: [400, 'The request is not valid'],
  NOT_FOUND: [404, 'There is nothing here'],
  KEY_LIMIT_REACHED: [402, 'The plan allows no more keys'],
})
