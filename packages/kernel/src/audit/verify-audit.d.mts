import type { KeyObject } from 'node:crypto'
import type { ChainEntry, ChainFault, ChainPosition, Checkpoint } from './judge-chain.ts'
import type { Link } from './link.ts'

export const pruningEvent: string

type PublicKeys = ReadonlyMap<string, KeyObject>
type Rotation = {
  readonly org_id: string
  readonly from_key_id: string
  readonly to_key_id: string
  readonly to_public_key: string
}

export type ChainVerdict = {
  readonly intact: boolean
  readonly entries: number
  readonly headSeq: number
  readonly headHash: string
  readonly faults: readonly ChainFault[]
}

export type ExportVerdict = Omit<ChainVerdict, 'faults'> & {
  /** `seq` is null where a line could not be read. */
  readonly faults: readonly { readonly seq: number | null; readonly because: string }[]
}

export type ChainJudge = {
  readonly takeCheckpoint: (checkpoint: Checkpoint) => void
  readonly takeEntry: (entry: ChainEntry) => void
  readonly finish: () => ChainVerdict
}

export const genesisHash: string
export function sha256Hex(text: string): string
export function toLinkText(link: Link): string
export function toEntryText(entryHash: string): string
export function toCheckpointText(checkpoint: Omit<Checkpoint, 'signature'>): string
export function toCheckpointHash(checkpoint: Checkpoint): string
export function toRotationText(rotation: Rotation): string
export function isSignature(publicKey: KeyObject, text: string | Buffer, signature: string): boolean
export function judgeEntry(
  previous: ChainPosition,
  entry: ChainEntry,
  publicKeys: PublicKeys,
): readonly ChainFault[]
export function createChainJudge(
  publicKeys: PublicKeys,
  options?: {
    readonly withSignatures?: boolean
    readonly signedEnd?: boolean
    /** Checkpoints that were kept elsewhere: the chain must still hold those that are of it. */
    readonly anchors?: readonly Checkpoint[]
    /** Where the entries begin. Default: at the start of the chain. */
    readonly after?: ChainPosition
  },
): ChainJudge
export function toPublicKeys(text: string): Map<string, KeyObject>
export function readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
export function verifyExport(
  lines: AsyncIterable<string | Buffer> | Iterable<string | Buffer>,
  publicKeys: PublicKeys,
  options?: { readonly withSignatures?: boolean; readonly anchors?: readonly Checkpoint[] },
): Promise<ExportVerdict>
export function toAnchors(text: string): Checkpoint[]
export function toText(verdict: ExportVerdict): string
