import type { Problem } from '@gatehouse/kernel/problem'
import type { Envelope } from '../service.ts'

export type WireError = { readonly mediaType: string; readonly body: string }

/** The one place where a Problem takes the form that a client reads. */
export function toWireError(problem: Problem, envelope: Envelope, requestId: string): WireError {
  switch (envelope) {
    case 'wire':
      return {
        mediaType: 'application/json; charset=utf-8',
        body: JSON.stringify({
          error: {
            code: problem.code,
            message: problem.detail,
            status: problem.status,
            ...(problem.upgradeUrl === undefined ? {} : { upgradeUrl: problem.upgradeUrl }),
          },
        }),
      }
    case 'problem+json':
      return {
        mediaType: 'application/problem+json; charset=utf-8',
        body: JSON.stringify({
          type: `/docs/problems/${problem.code}`,
          title: problem.title,
          status: problem.status,
          detail: problem.detail,
          code: problem.code,
          instance: requestId,
          ...(problem.fields.length === 0 ? {} : { errors: problem.fields }),
        }),
      }
  }
}
