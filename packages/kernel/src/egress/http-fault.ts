import type { HttpFault } from './egress-error.ts'
import { toErrorCode } from './network-failure.ts'

/** Which part of the answer was being read. */
export type AnswerPart = 'nothing' | 'head' | 'body'

/** The fault that Node's parser or decoders ran into; undefined when the error is none of theirs. */
export function toHttpFault(error: unknown, part: AnswerPart): HttpFault | undefined {
  const code = toErrorCode(error)
  if (isCut(error, code)) return part === 'nothing' ? undefined : `truncated_${part}`
  if (/^(?:Z_|ERR_BROTLI|ERR_ZSTD|ERR__|ZSTD_)/.test(code)) return 'coding_broken'
  if (!code.startsWith('HPE_')) return undefined
  const known = faults.get(code)
  if (known !== undefined) return known
  // The parser's own words, which hold nothing of the answer.
  if (code === 'HPE_INVALID_CONTENT_LENGTH')
    return messageOf(error).includes('Transfer-Encoding') ? 'length_conflict' : 'content_length'
  if (!lineFaults.has(code)) return 'other'
  return part === 'body' ? 'chunk' : 'header'
}

/** The other side ended the connection in order, in the middle of what it was saying. */
function isCut(error: unknown, code: string): boolean {
  return code === 'ECONNRESET' && /^(?:aborted|socket hang up)$/.test(messageOf(error))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

const faults: ReadonlyMap<string, HttpFault> = new Map([
  ['HPE_INVALID_CONSTANT', 'not_http'],
  ['HPE_INVALID_METHOD', 'not_http'],
  ['HPE_INVALID_URL', 'not_http'],
  ['HPE_INVALID_VERSION', 'version'],
  ['HPE_INVALID_STATUS', 'status_line'],
  ['HPE_UNEXPECTED_CONTENT_LENGTH', 'length_conflict'],
  ['HPE_INVALID_TRANSFER_ENCODING', 'length_conflict'],
  ['HPE_INVALID_CHUNK_SIZE', 'chunk'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'chunk'],
  ['HPE_CLOSED_CONNECTION', 'extra_data'],
])

/** Lines that do not end or begin as they should: of a header, or of a chunk. */
const lineFaults: ReadonlySet<string> = new Set([
  'HPE_INVALID_HEADER_TOKEN',
  'HPE_LF_EXPECTED',
  'HPE_CR_EXPECTED',
  'HPE_UNEXPECTED_SPACE',
  'HPE_STRICT',
])
