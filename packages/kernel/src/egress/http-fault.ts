import type { HttpFault } from './egress-error.ts'
import { toErrorCode } from './network-failure.ts'

/** The part of the answer that was being read. */
export type AnswerPart = 'nothing' | 'head' | 'body'

/** The fault that Node's parser or decoders reported; undefined for an error of another origin. */
export function toHttpFault(error: unknown, part: AnswerPart): HttpFault | undefined {
  const code = toErrorCode(error)
  if (isCut(error, code)) return part === 'nothing' ? undefined : `truncated_${part}`
  if (/^(?:Z_|ERR_BROTLI|ERR_ZSTD|ERR__|ZSTD_)/.test(code)) return 'coding_broken'
  if (!code.startsWith('HPE_')) return undefined
  const known = faults.get(code)
  if (known !== undefined) return known
  // The parser's own message, which contains nothing of the answer.
  if (code === 'HPE_INVALID_CONTENT_LENGTH')
    return messageOf(error).includes('Transfer-Encoding') ? 'length_conflict' : 'content_length'
  if (!lineFaults.has(code)) return 'other'
  return part === 'body' ? 'chunk' : 'header'
}

/** Whether the peer closed the connection properly, but in the middle of an answer. */
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

/** Parser codes for malformed lines of a header or of a chunk. */
const lineFaults: ReadonlySet<string> = new Set([
  'HPE_INVALID_HEADER_TOKEN',
  'HPE_LF_EXPECTED',
  'HPE_CR_EXPECTED',
  'HPE_UNEXPECTED_SPACE',
  'HPE_STRICT',
])
