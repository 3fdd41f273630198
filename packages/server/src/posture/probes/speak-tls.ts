import { fails, type Finding, holds, unknown } from '../finding.ts'
import type { Target } from '../target.ts'

/** Offers only TLS 1.2, which must be refused, and then the newest version. */
export async function speakTls13Alone(target: Target): Promise<Finding> {
  const older = await target.handshake('TLSv1.2')
  const newest = await target.handshake('TLSv1.3')
  if (older === null || newest === null)
    return unknown(
      'The deployment is probed over plain HTTP: whatever ends TLS before it has to be probed from outside',
    )
  const figures = { offered12: older.spoken ?? 'refused', offered13: newest.spoken ?? 'refused' }
  if (older.spoken !== null)
    return fails(`A client that speaks only TLS 1.2 was let in with ${older.spoken}`, figures)
  return newest.spoken === 'TLSv1.3' ? holds(figures) : fails('TLS 1.3 is not spoken', figures)
}
