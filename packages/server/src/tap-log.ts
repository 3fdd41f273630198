import type { LogFields, Logger } from '@gatehouse/kernel/log'

export type LogTap = { readonly logged: () => readonly string[]; readonly end: () => void }

/** A logger that can also record what is passed to it, of every level, before its fields are picked. */
export function tapLogger(log: Logger): { readonly log: Logger; readonly tap: () => LogTap } {
  const taps = new Set<string[]>()
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: LogFields): void => {
      for (const lines of taps) lines.push(JSON.stringify({ level, message, ...fields }))
      log[level](message, fields)
    }
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    tap: () => {
      const lines: string[] = []
      taps.add(lines)
      return { logged: () => [...lines], end: () => void taps.delete(lines) }
    },
  }
}
