/** What a Markdown page points at. */
export type References = {
  /** Targets of links and images, with their fragments, without those that leave the repository. */
  readonly links: readonly string[]
  /** What stands in backticks in running text. */
  readonly codes: readonly string[]
  /** The `x` of every `npm run x`, wherever it stands; `start` and `test` of `npm start` and `npm test`. */
  readonly scripts: readonly string[]
  /** The fragments that links to this page may name, as GitHub makes them from headings. */
  readonly anchors: ReadonlySet<string>
}

const fence = /^ {0,3}(```+|~~~+)[^\n]*\n[\s\S]*?^ {0,3}\1[^\n]*$/gm
const inlineCode = /(`+)([^`\n]|[^`\n][^\n]*?[^`\n])\1(?!`)/g
const inlineLink = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g
const namedLink = /^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s+"[^"]*")?\s*$/gm
const heading = /^ {0,3}#{1,6}\s+(.+?)\s*#*$/gm
const script = /\bnpm (?:run ([\w:.-]+)|(start|test)\b)/g

export function readReferences(text: string): References {
  const prose = text.replaceAll(fence, '')
  const withoutCode = prose.replaceAll(inlineCode, '')
  const links = [...withoutCode.matchAll(inlineLink), ...withoutCode.matchAll(namedLink)].map(
    (match) => match[1] ?? '',
  )
  return {
    links: links.filter((target) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)),
    codes: [...prose.matchAll(inlineCode)].map((match) => (match[2] ?? '').trim()),
    scripts: [...text.matchAll(script)].map((match) => match[1] ?? match[2] ?? ''),
    anchors: toAnchors([...prose.matchAll(heading)].map((match) => match[1] ?? '')),
  }
}

function toAnchors(headings: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const text of headings) {
    const anchor = toAnchor(text)
    let free = anchor
    for (let twin = 1; anchors.has(free); twin += 1) free = `${anchor}-${twin}`
    anchors.add(free)
  }
  return anchors
}

function toAnchor(text: string): string {
  return text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
}
