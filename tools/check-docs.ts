import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { readProblemCodes } from './docs/read-problem-codes.ts'
import { type References, readReferences } from './docs/read-references.ts'
import { type Finding, report } from './finding.ts'
import { listFiles } from './list-files.ts'

type Tree = {
  readonly root: string
  readonly files: readonly string[]
  /** Every file and folder, folders without a slash at their end. */
  readonly paths: ReadonlySet<string>
  readonly scripts: ReadonlySet<string>
  readonly pages: ReadonlyMap<string, References>
}

const problemPage = /^docs\/problems\/(?!README\.md$)(.+)\.md$/
const problemTable = /^packages\/(?:kernel|server)\/src\/.+(?<!\.test)\.ts$/
const sourceName = /^(?:[\w@.-]+\/)+[\w.-]+\.(?:ts|tsx|mjs|js|json|md|sql|css|html|sh)$/
const rootPage = /^[A-Z][A-Z_]+(?:\.md)?$/
const placeholder = /[*<>{}…]|\.\.\./
const machinePath = /(?<![\w.~$}/-])(?:\/home|\/root|\/Users|[A-Z]:\\Users)[\\/][\w.-]+/

/** Holds what the pages under `root` say against what is there. Folders in `except` are not looked into. */
export function checkDocs(root: string, except: readonly string[] = []): readonly Finding[] {
  const tree = readTree(root, except)
  return [
    ...[...tree.pages].flatMap(([page, references]) => [
      ...references.links.flatMap((link) => judgeLink(tree, page, link)),
      ...references.codes.flatMap((code) => judgePath(tree, page, code)),
      ...references.scripts.flatMap((script) => judgeScript(tree, page, script)),
    ]),
    ...judgeProblems(tree),
    ...tree.files.flatMap((path) => judgeText(tree, path)),
  ]
}

function readTree(root: string, except: readonly string[]): Tree {
  const files = listFiles(root, except)
  const manifests = files.filter((path) => posix.basename(path) === 'package.json')
  const pages = files.filter((path) => path.endsWith('.md'))
  return {
    root,
    files,
    paths: new Set(listFiles(root).flatMap(toSelfAndFolders)),
    scripts: new Set(manifests.flatMap((path) => scriptsOf(readFileSync(join(root, path), 'utf8')))),
    pages: new Map(pages.map((path) => [path, readReferences(readFileSync(join(root, path), 'utf8'))])),
  }
}

function toSelfAndFolders(path: string): readonly string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function scriptsOf(manifest: string): readonly string[] {
  const parsed: unknown = JSON.parse(manifest)
  if (typeof parsed !== 'object' || parsed === null || !('scripts' in parsed)) return []
  return typeof parsed.scripts === 'object' && parsed.scripts !== null ? Object.keys(parsed.scripts) : []
}

function judgeLink({ paths, pages }: Tree, page: string, link: string): readonly Finding[] {
  const [path = '', anchor = ''] = decodeURI(link).split('#')
  const target = path === '' ? page : toPath(posix.join(posix.dirname(page), path))
  if (target !== '.' && !paths.has(target))
    return [{ rule: 'link-leads-somewhere', where: page, detail: link }]
  const anchors = pages.get(target)?.anchors
  if (anchor === '' || anchors === undefined || anchors.has(anchor)) return []
  return [{ rule: 'link-leads-somewhere', where: page, detail: `${link} names no heading` }]
}

function judgePath(tree: Tree, page: string, code: string): readonly Finding[] {
  const path = toPath(code.replace(/^\.\//, '').replace(/:\d+$/, ''))
  if (!isPathLike(tree, path)) return []
  const known = toKnownPart(path)
  if (known === '' || tree.paths.has(known)) return []
  if (tree.paths.has(posix.join(posix.dirname(page), known))) return []
  // A guide may name a file as it is called inside its room: `domain/judge.ts`.
  if (!known.startsWith('packages/') && tree.files.some((file) => file.endsWith(`/${known}`))) return []
  return [{ rule: 'path-exists', where: page, detail: code }]
}

/** Paths that begin in one of our folders, names of files in folders, and the documents at the top. */
function isPathLike({ paths }: Tree, path: string): boolean {
  const [first = '', ...rest] = path.split('/')
  if (/[\s()'"=,;]/.test(path)) return false
  if (rest.length === 0) return rootPage.test(path) && path.endsWith('.md')
  return (paths.has(first) && first !== '') || sourceName.test(path)
}

/** `packages/server/src/services/<name>/policy.ts` is known as far as `services`. */
function toKnownPart(path: string): string {
  const parts = path.split('/')
  const firstOpen = parts.findIndex((part) => placeholder.test(part))
  return (firstOpen === -1 ? parts : parts.slice(0, firstOpen)).join('/')
}

function toPath(path: string): string {
  return path.replace(/\/$/, '')
}

function judgeScript({ scripts }: Tree, page: string, script: string): readonly Finding[] {
  return scripts.has(script) ? [] : [{ rule: 'script-exists', where: page, detail: `npm run ${script}` }]
}

function judgeProblems({ root, files, paths }: Tree): readonly Finding[] {
  const tables = files.filter((path) => problemTable.test(path))
  const codes = new Map(
    tables.flatMap((path) => readProblemCodes(root, path).map((code) => [code, path] as const)),
  )
  const stray = files.filter(
    (path) => !codes.has(problemPage.exec(path)?.[1] ?? '') && problemPage.test(path),
  )
  return [
    ...[...codes]
      .filter(([code]) => !paths.has(`docs/problems/${code}.md`))
      .map(([code, where]) => ({
        rule: 'problem-has-page',
        where,
        detail: `docs/problems/${code}.md is missing`,
      })),
    ...stray.map((where) => ({ rule: 'page-has-problem', where, detail: 'no table defines this code' })),
  ]
}

function judgeText({ root }: Tree, path: string): readonly Finding[] {
  const text = readFileSync(join(root, path), 'utf8')
  if (text.includes('\0')) return []
  return text.split('\n').flatMap((line, index) => {
    const found = machinePath.exec(line)?.[0] ?? (line.includes(`${root}/`) ? root : undefined)
    return found === undefined
      ? []
      : [{ rule: 'no-machine-path', where: `${path}:${index + 1}`, detail: found }]
  })
}

if (import.meta.main) {
  report('check-docs', checkDocs(join(import.meta.dirname, '..'), ['tools/fixtures']))
}
