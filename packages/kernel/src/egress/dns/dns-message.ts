import {
  decode,
  encode,
  RECURSION_DESIRED,
  type Answer as DnsRecord,
  type DecodedPacket,
  type StringAnswer,
  type TxtAnswer,
} from 'dns-packet'

export type Question = { readonly hostname: string; readonly type: 'A' | 'AAAA' | 'CNAME' | 'TXT' }

/** What a name server replied: addresses, texts or an alias, with the TTL as received, before any bounds are applied. */
export type Reply =
  | { readonly kind: 'found'; readonly values: readonly string[]; readonly ttlSeconds: number }
  /** `ttlSeconds` is undefined when the server does not say how long the absence may be cached. */
  | {
      readonly kind: 'missing'
      readonly code: 'ENOTFOUND' | 'ENODATA'
      readonly ttlSeconds: number | undefined
    }
  | { readonly kind: 'failed'; readonly code: FailureCode }
  | { readonly kind: 'truncated' }

export type FailureCode = 'EFORMERR' | 'ESERVFAIL' | 'ENOTIMP' | 'EREFUSED' | 'EBADRESP'

/** A common size that avoids fragmentation (RFC 9715 §3.2 advises at most 1400; DNS flag day 2020 chose this). */
const udpBytesMax = 1_232
const aliasesMax = 16
const headerBytes = 12

/**
 * `edns` announces that replies may be larger than 512 bytes over UDP; a few old servers refuse a query that says so.
 */
export function encodeQuery(id: number, { hostname, type }: Question, edns: boolean): Buffer {
  return encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name: hostname }],
    additionals: edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: udpBytesMax,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  })
}

/** Decodes a reply; undefined unless the message is complete and answers exactly this query. */
export function decodeReply(message: Buffer, id: number, question: Question): Reply | undefined {
  // The id is checked before anything is parsed, so that a flood of forged replies costs little.
  if (message.length < headerBytes || message.readUInt16BE(0) !== id) return undefined
  const packet = parsePacket(message)
  if (packet === undefined || !packet.flag_qr || !repeats(packet, question)) return undefined
  if (packet.flag_tc) return { kind: 'truncated' }
  switch (packet.rcode) {
    case 'NOERROR':
      return toReply(packet, question)
    case 'NXDOMAIN':
      return { kind: 'missing', code: 'ENOTFOUND', ttlSeconds: toNegativeTtl(packet) }
    case 'FORMERR':
    case 'NOTIMP':
    case 'REFUSED':
      return { kind: 'failed', code: `E${packet.rcode}` }
    default:
      return { kind: 'failed', code: 'ESERVFAIL' }
  }
}

/** The library also decodes the response code, which its types leave out. */
type Packet = DecodedPacket & { readonly rcode: string }

function parsePacket(message: Buffer): Packet | undefined {
  try {
    // Safe: `decode` always sets `rcode`.
    return decode(message) as Packet
  } catch {
    return undefined
  }
}

/**
 * Whether a reply repeats the question, as RFC 5452 §9.1 requires; a server that cannot parse a query may leave it out.
 */
function repeats({ questions = [], rcode }: Packet, { hostname, type }: Question): boolean {
  const [asked] = questions
  if (asked === undefined) return rcode === 'FORMERR' || rcode === 'NOTIMP'
  return (
    questions.length === 1 && asked.type === type && asked.class === 'IN' && isSameName(asked.name, hostname)
  )
}

function toReply(packet: Packet, { hostname, type }: Question): Reply {
  const records = (packet.answers ?? []).filter(isUsable)
  if (records.length === 0 && !packet.flag_ra && !packet.flag_aa) {
    // A referral: the server does not resolve names for us, which says nothing about the name.
    return { kind: 'failed', code: 'EREFUSED' }
  }
  let owner = hostname
  let ttlSeconds = Number.POSITIVE_INFINITY
  for (let aliases = 0; aliases <= aliasesMax; aliases++) {
    const owned = records.filter(({ name }) => isSameName(name, owner))
    const found = owned.filter((record) => record.type === type)
    if (found.length > 0) {
      const values = [...new Set(found.map(toValue))]
      return { kind: 'found', values, ttlSeconds: Math.min(ttlSeconds, ...found.map(toTtl)) }
    }
    const alias = owned.find((record) => record.type === 'CNAME')
    if (alias === undefined) return { kind: 'missing', code: 'ENODATA', ttlSeconds: toNegativeTtl(packet) }
    ttlSeconds = Math.min(ttlSeconds, toTtl(alias))
    owner = toValue(alias)
  }
  return { kind: 'failed', code: 'EBADRESP' }
}

/**
 * RFC 2308 §5: the lower of the SOA record's own TTL and its MINIMUM; without that record the answer must not be
 * cached.
 */
function toNegativeTtl({ authorities = [] }: Packet): number | undefined {
  const authority = authorities.find((record) => record.type === 'SOA')
  return authority === undefined ? undefined : Math.min(toTtl(authority), authority.data.minimum ?? 0)
}

type UsableRecord = StringAnswer | TxtAnswer

/** Whether a record is of the internet class and of a type that holds a name, an address or a text. */
function isUsable(record: DnsRecord): record is UsableRecord {
  const { type } = record
  if (type !== 'A' && type !== 'AAAA' && type !== 'CNAME' && type !== 'TXT') return false
  return record.class === 'IN'
}

/** A text record consists of pieces of at most 255 bytes, which are joined (RFC 7208 §3.3). */
function toValue({ data }: UsableRecord): string {
  if (typeof data === 'string') return data
  const pieces = Array.isArray(data) ? data : [data]
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString('utf8')
}

/** RFC 2181 §8: a TTL with its highest bit set counts as zero. */
function toTtl({ ttl = 0 }: { readonly ttl?: number | undefined }): number {
  return ttl > 0x7fffffff ? 0 : ttl
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
