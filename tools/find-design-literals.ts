/** Where the tokens themselves are; whatever is drawn elsewhere takes from them. */
const ofTokens = /^packages\/kernel\/src\/design\//
const drawn = /^packages\/[^/]+\/src\/.+\.(?:css|tsx?)$/
const ofTests = /\.test\.tsx?$|\/(?:testing|fixtures)\//

// In code a colour stands in a string; `#` is also the mark of an issue, a fragment and a private member.
const colourInCss = /(?<![\w&])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b/i
const colourInCode =
  /(?:['"`(,]|:\s*|solid )#(?:[0-9a-f]{6}|[0-9a-f]{8}|(?=[0-9a-f]*[a-f])[0-9a-f]{3,4})(?=['"`;,)\s}])/i
const colourFunction = /\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[\d.]/i
const declaration =
  /(?:^|[;{\s"'`])(font(?:-size|-family|-weight)?|padding(?:-\w+)*|margin(?:-\w+)*|(?:row-|column-)?gap|border(?:-\w+)*-radius)\s*:\s*([^;}{"'`]+)/g
/** A hairline and an offset of two are not of the grid. */
const length = /(?<![\w.-])(?!0(?:px|rem)|1px|2px)\d*\.?\d+(?:px|rem|pt)\b/
const family = /\b(?:sans-serif|serif|monospace|system-ui|Helvetica|Arial|Verdana|Inter)\b/
const weight = /(?<![\w.-])[1-9]\d\d(?![\w.%-])/

/** Colours, sizes and fonts of `lines` that are no tokens, so that nothing looks its own way. */
export function findDesignLiterals(
  path: string,
  lines: readonly string[],
): readonly (readonly [line: number, detail: string])[] {
  if (!drawn.test(path) || ofTokens.test(path) || ofTests.test(path)) return []
  const isCss = path.endsWith('.css')
  return lines.flatMap((line, index) => {
    if (/^\s*(?:\/[/*]|\*)/.test(line)) return []
    const found = findInLine(line, isCss)
    return found === undefined
      ? []
      : [[index + 1, `“${found}” is no token: take it from the kernel's design`]]
  })
}

function findInLine(line: string, isCss: boolean): string | undefined {
  const colour = (isCss ? colourInCss : colourInCode).exec(line) ?? colourFunction.exec(line)
  if (colour !== null) return colour[0].trim()
  for (const [, property = '', value = ''] of line.matchAll(declaration)) {
    const own = value.replaceAll(/var\([^)]*\)|\$\{[^}]*\}|url\([^)]*\)/g, '')
    const isFont = property.startsWith('font')
    const literal = length.exec(own) ?? (isFont ? (family.exec(own) ?? weight.exec(own)) : null)
    if (literal !== null) return `${property}: ${value.trim()}`
  }
  return undefined
}
