const dayMs = 86_400_000
const validDays = 180

/**
 * Writes `security.txt` (RFC 9116). Its expiry is renewed each day: while an instance runs, what it says is current.
 */
export function writeSecurityText({
  publicUrl,
  contact = `mailto:security@${new URL(publicUrl).hostname}`,
  hasReportKey = false,
  policyDate,
  nowMs,
}: {
  readonly publicUrl: string
  readonly contact?: string | undefined
  readonly hasReportKey?: boolean
  /** The date on which the policy was last changed, as the policy states it. */
  readonly policyDate: string
  readonly nowMs: number
}): string {
  const expires = new Date((Math.floor(nowMs / dayMs) + validDays) * dayMs)
  return [
    `# The policy was last updated on ${policyDate}.`,
    // A report in the form is sealed on arrival, so the form is preferred. A web address must be https (RFC 9116
    // §2.5.3).
    ...(publicUrl.startsWith('https:') ? [`Contact: ${publicUrl}/security/report`] : []),
    `Contact: ${contact}`,
    `Expires: ${expires.toISOString()}`,
    ...(hasReportKey ? [`Encryption: ${publicUrl}/security/pgp-key.asc`] : []),
    'Preferred-Languages: en, ja',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    `Policy: ${publicUrl}/docs/security`,
    `Acknowledgments: ${publicUrl}/docs/hall-of-fame`,
    '',
  ].join('\n')
}
