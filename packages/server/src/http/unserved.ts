import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '@gatehouse/kernel/clock'
import { newId } from '@gatehouse/kernel/ids'
import { Problem } from '@gatehouse/kernel/problem'
import type { ServedService } from '../service/define-service.ts'
import { problemEnvelope } from '../service/envelope.ts'
import { assertHost } from './assert-host.ts'
import { findOwner } from './find-owner.ts'
import { problems } from './problems.ts'
import { acceptsPages, toRefusalPage } from './refusal-page.ts'
import { send } from './send.ts'
import { type Refusal, toRefusal } from './to-refusal.ts'
import { writeAnswer } from './write-answer.ts'

export type Unserved = {
  /** Answers a request whose path, or whose method at that path, has no endpoint. */
  readonly refuseUnknown: (request: IncomingMessage, response: ServerResponse) => void
  readonly refuse: (request: IncomingMessage, response: ServerResponse, problem: Problem) => void
  /** Answers bytes that are no valid request, directly on the socket. */
  readonly refuseUnread: (socket: Duplex, problem: Problem, url: string | undefined) => void
}

export type UnservedDeps = {
  readonly clock: Clock
  readonly securityHeaders: Readonly<Record<string, string>>
  readonly publicPath: string
  /** Whether a request is for a host of a customer. */
  readonly isCustomHost: (request: IncomingMessage) => boolean
}

/** Answers requests that reach no endpoint (H14), in the error format of the service to which the path is closest. */
export function createUnserved(deps: UnservedDeps, services: readonly ServedService[]): Unserved {
  const findMethods = createMethodFinder(services)
  const answer = (
    { url, headers: asked = {} }: Partial<Pick<IncomingMessage, 'url' | 'headers'>>,
    problem: Problem,
  ): Refusal => {
    const atMs = deps.clock.now()
    const requestId = `req_${newId(atMs)}`
    const { envelope } = findOwner(services, toPath(url), asked) ?? { envelope: problemEnvelope }
    const { status, body, headers } = toRefusal(problem, envelope, {
      requestId,
      atMs,
      publicPath: deps.publicPath,
    })
    return { status, body, headers: { ...deps.securityHeaders, 'x-request-id': requestId, ...headers } }
  }
  const refuse: Unserved['refuse'] = (request, response, problem) => {
    const refusal = answer(request, problem)
    const reads = (request.method === 'GET' || request.method === 'HEAD') && acceptsPages(request)
    if (!reads) return send(request, response, refusal)
    // A customer's host leads to nothing else of the instance.
    const homeUrl = deps.isCustomHost(request) ? undefined : `${deps.publicPath}/app`
    const { 'x-request-id': requestId = '' } = refusal.headers
    send(request, response, toRefusalPage(refusal, request, { requestId, homeUrl }))
  }
  return {
    refuse,
    refuseUnknown: (request, response) => {
      try {
        assertHost(request)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return refuse(request, response, error)
      }
      const methods = findMethods(toPath(request.url))
      if (methods.length === 0) return refuse(request, response, problems.NOT_FOUND())
      response.setHeader('allow', methods.join(', '))
      refuse(request, response, problems.METHOD_NOT_ALLOWED())
    },
    refuseUnread: (socket, problem, url) => {
      const { status, headers, body } = answer({ url }, problem)
      writeAnswer(socket, { status, headers, body }, deps.clock.now())
    },
  }
}

/** The path of a request target, which may be a path or a whole URL (RFC 9112, 3.2.2). */
function toPath(url = ''): string {
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? ''
}

/**
 * Makes a function that lists the methods of a path; none for paths that are disclosed to instance administrators only.
 */
function createMethodFinder(services: readonly ServedService[]): (path: string) => readonly string[] {
  const endpoints = services
    .flatMap((service) => service.endpoints.map(({ endpoint }) => endpoint))
    .filter(({ access }) => access.kind !== 'session' || access.instanceAdmin !== true)
    .map(({ method, path, trailingSlash = false }) => {
      const places = path
        .replaceAll('.', String.raw`\.`)
        .replaceAll(/\{\w+\}/g, '[^/]+')
        .replace('*', '.*')
      return { method, pattern: new RegExp(`^${places}${trailingSlash ? '/?' : ''}$`) }
    })
  return (path) => {
    const methods = endpoints.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)))].toSorted()
  }
}
