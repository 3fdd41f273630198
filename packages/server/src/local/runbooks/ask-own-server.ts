import { EgressError } from '@gatehouse/kernel/egress'
import type { ServerConfig } from '../../config.ts'
import { askElsewhere } from './ask-elsewhere.ts'
import type { RunbookContext } from './runbook.ts'

/**
 * Makes a request to the server of this instance, at its address on this machine; under its public name if it has TLS
 * of its own.
 */
export function askOwnServer(
  context: Pick<RunbookContext, 'egress' | 'signal'>,
  origin: string,
): RunbookContext['askServer'] {
  return async (path, { headers = {}, ...request } = {}) => {
    try {
      return await askElsewhere(context, `${origin}${path}`, headers, request)
    } catch (error) {
      if (error instanceof EgressError) return undefined
      throw error
    }
  }
}

const everywhere = new Set(['0.0.0.0', '::'])

export function toOwnOrigin({ tlsCertificate, publicUrl, host, port }: ServerConfig): string {
  if (tlsCertificate !== undefined && publicUrl !== undefined) return publicUrl
  const reached = everywhere.has(host) ? '127.0.0.1' : host
  return `${tlsCertificate === undefined ? 'http' : 'https'}://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}
