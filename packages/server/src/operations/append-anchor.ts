import { open } from 'node:fs/promises'
import { type Checkpoint, toAnchorLine } from '@gatehouse/kernel/audit'

/** Appends a checkpoint to the file of anchors, which is copied off the machine; the line is flushed to disk (A5). */
export async function appendAnchor(path: string, checkpoint: Checkpoint): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.writeFile(`${toAnchorLine(checkpoint)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}
