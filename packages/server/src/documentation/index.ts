import { contentPolicy, type Endpoint, type HandlersOf, RawReply } from '@gatehouse/kernel/endpoint'
import { defineService, startNothing } from '../service/define-service.ts'
import { open, openPolicy } from '../service/open-service.ts'
import * as contract from './contract.ts'
import { readPublicFont } from '../service/public-fonts.ts'
import { problems as notFound } from '../http/problems.ts'
import { createOpenApiText, type OpenApiText } from './open-api-text.ts'
import { createProblemPages } from './problem-pages.ts'
import { type Credit, renderCredits } from './render-credits.ts'
import { renderText } from './render-text.ts'
import {
  partsOf,
  renderIndex,
  renderOperations,
  renderPage,
  renderUnknownPart,
  stylesheet,
} from './render-page.ts'

export type DocumentationDeps = {
  readonly publicUrl: () => string
  /** The OpenAPI document of the whole instance, except for its server URL. */
  readonly openApi: () => object
  /** The part of the document that describes one service; undefined when there is no service with that name. */
  readonly serviceOpenApi: (service: string) => object | undefined
  readonly endpoints: () => readonly Endpoint[]
  /** The people to be credited for reports that came to this instance. */
  readonly listCredits: () => Promise<readonly Credit[]>
}

const endpoints = [
  contract.readOpenApi,
  contract.readServiceOpenApi,
  contract.listDocumentation,
  contract.listOperations,
  contract.listProblems,
  contract.readProblem,
  contract.readSecurityPolicy,
  contract.readHallOfFame,
  contract.readDocumentationFont,
  contract.readDocumentationStyle,
] as const

/** The pages and documents that people and programs read to use the API. */
export const documentation = defineService({
  ...open,
  name: 'documentation',
  title: 'Documentation',
  description: 'How to use the API',
  policy: openPolicy('documentation'),
  endpoints,
  build: (deps: DocumentationDeps) => ({
    handlers: toHandlers(deps),
    jobs: [],
    recurring: [],
    start: startNothing,
  }),
})

const headers = {
  'content-security-policy': contentPolicy({ 'style-src': "'self'", 'font-src': "'self'" }),
  'cache-control': 'public, max-age=300',
}

function toHandlers(deps: DocumentationDeps): HandlersOf<typeof endpoints> {
  const openApi = createOpenApiText(deps)
  const ofServices = new Map<string, OpenApiText | undefined>()
  const problems = createProblemPages()
  return {
    readOpenApi: (_visitor, _input, context) => openApi.toReply(context),
    readServiceOpenApi: (_visitor, { params }, context) => {
      const service = /^(.+)\.json$/.exec(params.file)?.[1] ?? ''
      const document = deps.serviceOpenApi(service)
      if (document === undefined) throw notFound.NOT_FOUND({ detail: 'There is no such document' })
      const text = ofServices.get(service) ?? createOpenApiText({ ...deps, openApi: () => document })
      ofServices.set(service, text)
      return text.toReply(context)
    },
    listDocumentation: () => new RawReply(renderIndex(deps.endpoints(), problems.list()), headers),
    listOperations: (_visitor, { params }) => {
      const operations = partsOf(deps.endpoints()).get(params.part)
      return operations === undefined
        ? new RawReply(renderUnknownPart(), headers, 404)
        : new RawReply(renderOperations(params.part, operations), headers)
    },
    listProblems: () =>
      new RawReply(renderPage({ title: 'Problems', toRoot: '..', body: problems.renderList() }), headers),
    readProblem: (_visitor, { params }) => {
      const page = problems.render(params.code)
      return page === undefined
        ? new RawReply(problems.renderUnknown(), headers, 404)
        : new RawReply(page, headers)
    },
    readSecurityPolicy: () => new RawReply(renderText('Security policy', 'SECURITY.md'), headers),
    readHallOfFame: async () => {
      const credits = renderCredits(await deps.listCredits())
      return new RawReply(renderText('Hall of fame', 'SECURITY_HALL_OF_FAME.md', credits), headers)
    },
    readDocumentationFont: (_visitor, { params }) => {
      const font = readPublicFont(params.file)
      if (font === undefined) throw notFound.NOT_FOUND({ detail: 'There is no such font' })
      return font
    },
    readDocumentationStyle: () => new RawReply(stylesheet, { 'cache-control': headers['cache-control'] }),
  }
}
