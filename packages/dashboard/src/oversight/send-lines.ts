/** Lines per call: few enough to show progress, and enough that a million lines take two hundred calls. */
const linesAtOnce = 5_000

type Sending = {
  readonly file: Blob
  /** The first uncommitted line. */
  readonly fromLine: number
  readonly put: (fromLine: number, lines: string) => Promise<unknown>
}

/** Sends a file's lines from one line on, in separately committed parts; the whole file is never in memory. */
export async function sendLines({ file, fromLine, put }: Sending): Promise<void> {
  let line = 1
  let lines: string[] = []
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return
    await put(line - lines.length, `${lines.join('\n')}\n`)
    lines = []
  }
  const take = async (text: string): Promise<void> => {
    if (line >= fromLine) lines.push(text)
    line += 1
    if (lines.length === linesAtOnce) await flush()
  }
  let rest = ''
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const [first = '', ...more] = (rest + value).split('\n')
    const whole = [first, ...more]
    rest = whole.pop() ?? ''
    for (const text of whole) await take(text)
  }
  if (rest !== '') await take(rest)
  await flush()
}
