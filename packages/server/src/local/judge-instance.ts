/** What an examination of the instance found. */
export type InstanceFacts = {
  /** How far the database's clock is ahead of this machine's, in milliseconds; negative when it is behind. */
  readonly clockAheadMs: number
  /** The free bytes on the disk of the data folder. */
  readonly freeBytes: number
  readonly isMailSet: boolean
  readonly isPublicUrlSet: boolean
  /** Whether a person is named who is notified of reported weaknesses and of security incidents. */
  readonly isOperatorNamed: boolean
  /** When the certificate that is served expires; undefined when the server speaks plain HTTP to a proxy. */
  readonly certificateEndsMs: number | undefined
  readonly takesQueryKeys: boolean
  /** The networks beyond the public internet that egress may reach. */
  readonly egressAllow: string
  /** The number of orgs, and of those whose owner has confirmed that they may monitor their targets. */
  readonly targets: { readonly orgs: number; readonly acknowledged: number }
  /** A sentence for each connection to another machine that is not verified. */
  readonly plainTransports: readonly string[]
}

export type Finding = {
  readonly about: string
  readonly state: 'ok' | 'warning'
  /** The finding; a warning also says what to do about it. */
  readonly sentence: string
}

const clockAheadMsMax = 1_000
const freeBytesLeast = 2 * 1_024 ** 3
const certificateDaysLeast = 14
const dayMs = 86_400_000

/** Judges each part of an instance: whether it is well, and what to do if it is not. */
export function judgeInstance(facts: InstanceFacts, nowMs: number): readonly Finding[] {
  const { clockAheadMs, freeBytes, certificateEndsMs, egressAllow, plainTransports } = facts
  const isClockOff = Math.abs(clockAheadMs) > clockAheadMsMax
  const gibibytes = (freeBytes / 1_024 ** 3).toFixed(1)
  return [
    isClockOff
      ? warn(
          'clock',
          `The database is ${Math.round(clockAheadMs)} ms ahead of this machine: keep both in time, with NTP or chrony`,
        )
      : ok('clock', 'This machine and the database agree'),
    freeBytes < freeBytesLeast
      ? warn(
          'disk',
          `${gibibytes} GiB are left for the data folder: make room, or move it with GATEHOUSE_DATA`,
        )
      : ok('disk', `${gibibytes} GiB are left for the data folder`),
    facts.isMailSet
      ? ok('mail', 'A mail server is set')
      : warn('mail', 'No mail is sent: set SMTP_URL, or hand on the links that commands and owners make'),
    ...(facts.isMailSet && !facts.isPublicUrlSet
      ? [warn('links', 'Links in mails lead to this machine: set GATEHOUSE_PUBLIC_URL')]
      : []),
    facts.isOperatorNamed
      ? ok('security reports', 'Somebody hears of reports of weaknesses and of security incidents')
      : warn(
          'security reports',
          'Nobody is reminded of reports of weaknesses and of security incidents: set GATEHOUSE_ADMINS, or GATEHOUSE_SECURITY_CONTACT to an address',
        ),
    ...(certificateEndsMs === undefined ? [] : [judgeCertificate(certificateEndsMs, nowMs)]),
    facts.takesQueryKeys
      ? warn(
          'keys in URLs',
          'GATEHOUSE_STREAM_QUERY_KEY is on: proxies before this server may write keys down. Switch it off once every client of /v1/stream sends its key in a header',
        )
      : ok('keys in URLs', 'A key in a URL is refused everywhere'),
    egressAllow === ''
      ? ok('egress', 'The public internet alone can be reached')
      : warn('egress', `GATEHOUSE_EGRESS_ALLOW lets ${egressAllow} be reached: take away what is not needed`),
    judgeTargets(facts.targets),
    ...plainTransports.map((sentence) => warn('transport', sentence)),
  ]
}

/** An org can monitor without that confirmation; the finding informs the operator. */
function judgeTargets({ orgs, acknowledged }: InstanceFacts['targets']): Finding {
  const left = orgs - acknowledged
  return ok(
    'targets',
    left === 0
      ? 'Every organisation has said that what it monitors is its to have monitored'
      : `${left} of ${orgs} organisations have not said yet that what they monitor is theirs to have monitored`,
  )
}

function judgeCertificate(endsMs: number, nowMs: number): Finding {
  const days = Math.floor((endsMs - nowMs) / dayMs)
  if (endsMs <= nowMs) return warn('certificate', 'It has expired: renew the file of GATEHOUSE_TLS_CERT')
  return days < certificateDaysLeast
    ? warn('certificate', `It ends in ${days} days: renew the file of GATEHOUSE_TLS_CERT`)
    : ok('certificate', `It holds for ${days} days`)
}

function ok(about: string, sentence: string): Finding {
  return { about, state: 'ok', sentence }
}

function warn(about: string, sentence: string): Finding {
  return { about, state: 'warning', sentence }
}
