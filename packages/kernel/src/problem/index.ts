export { Problem, toSentence, type FieldFault, type ProblemDetails } from './problem.ts'
export { defineProblems, type ProblemFactory, type Problems, type ProblemTable } from './define-problems.ts'
