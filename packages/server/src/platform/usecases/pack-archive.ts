import { createHash } from 'node:crypto'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline, type Readable } from 'node:stream'
import { pipeline as pipe } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack, type Pack } from 'tar-stream'

export type ArchiveFile = {
  readonly name: string
  /** Writes the whole file, in pieces of any size. */
  readonly writeTo: (write: (text: string) => Promise<void>) => Promise<void>
}

export type PackedFile = {
  readonly name: string
  readonly lines: number
  readonly bytes: number
  /** In lower-case hex. */
  readonly sha256: string
}

const piecesBytes = 262_144

/**
 * Makes a gzipped tar while it is read, with the manifest at its end. A tar gives the length of a file before its
 * content, so each file is first written to a temporary one: memory use stays constant, whatever the size.
 */
export function packArchive(
  files: readonly ArchiveFile[],
  toManifest: (packed: readonly PackedFile[]) => ArchiveFile,
  at: Date,
): Readable {
  const tar = pack()
  // A failure reaches the reader, and a reader that leaves stops the code that fills the tar.
  const archive = pipeline(tar, createGzip(), () => undefined)
  void fill(tar, files, toManifest, at).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  return archive
}

async function fill(
  tar: Pack,
  files: readonly ArchiveFile[],
  toManifest: (packed: readonly PackedFile[]) => ArchiveFile,
  at: Date,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-export-'))
  try {
    const packed: PackedFile[] = []
    for (const file of files) {
      if (tar.destroyed) return
      packed.push(await packFile(tar, folder, file, at))
    }
    await packFile(tar, folder, toManifest(packed), at)
    tar.finalize()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function packFile(tar: Pack, folder: string, file: ArchiveFile, mtime: Date): Promise<PackedFile> {
  const path = join(folder, 'file')
  const spool = await open(path, 'wx+', 0o600)
  try {
    const packed = await writeSpool(spool, file)
    const entry = tar.entry({ name: file.name, size: packed.bytes, mode: 0o644, mtime })
    await pipe(spool.createReadStream({ start: 0, autoClose: false }), entry)
    return packed
  } finally {
    await spool.close()
    await rm(path)
  }
}

async function writeSpool(spool: FileHandle, { name, writeTo }: ArchiveFile): Promise<PackedFile> {
  const hash = createHash('sha256')
  let [lines, bytes, waiting] = [0, 0, '']
  const flush = async (): Promise<void> => {
    const piece = Buffer.from(waiting, 'utf8')
    waiting = ''
    hash.update(piece)
    bytes += piece.length
    await spool.appendFile(piece)
  }
  await writeTo(async (text) => {
    lines += text.split('\n').length - 1
    waiting += text
    if (waiting.length >= piecesBytes) await flush()
  })
  await flush()
  return { name, lines, bytes, sha256: hash.digest('hex') }
}
