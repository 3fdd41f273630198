import type { BoundEndpoint, Endpoint, Tool } from '@gatehouse/kernel/endpoint'
import { isScopeGranted, type Scope } from '@gatehouse/kernel/principal'
import { z } from 'zod'
import type { ServedService } from '../service/define-service.ts'
import { type InputSchema, toInputSchema, toInputSchemaOfSeveral } from './to-input-schema.ts'

/** An endpoint that is offered as a tool to the keys of its service. */
export type ServedTool = BoundEndpoint & {
  readonly tool: Tool
  readonly scope: Scope
  readonly inputSchema: InputSchema
  /**
   * The names of the arguments that belong to the path; those of `query` belong to the query, the others to the body.
   */
  readonly params: ReadonlySet<string>
  readonly query: ReadonlySet<string>
}

/** A tool as a client sees it: one operation, or several among which a call chooses. */
export type OfferedTool = {
  readonly name: string
  readonly scope: Scope
  readonly title: string
  readonly description: string
  readonly annotations: Tool['annotations']
  readonly inputSchema: InputSchema
  readonly forms: readonly [ServedTool, ...ServedTool[]]
}

/** Models choose badly among more tools than this. */
const toolsMax = 20

/** The tools of each service, by its name, derived from the endpoint table (kernel L8). */
export function listTools(
  services: readonly Pick<ServedService, 'name' | 'endpoints'>[],
): ReadonlyMap<string, readonly OfferedTool[]> {
  return new Map(services.map(({ name, endpoints }) => [name, listOwn(name, endpoints)]))
}

/** The tools that a key with these scopes can call. */
export function filterTools(tools: readonly OfferedTool[], scopes: readonly Scope[]): readonly OfferedTool[] {
  return tools.filter(({ scope }) => isScopeGranted(scopes, scope))
}

function listOwn(service: string, endpoints: readonly BoundEndpoint[]): readonly OfferedTool[] {
  const served = endpoints.flatMap((bound) => {
    const { tool, handledBy, deprecated } = bound.endpoint
    // A second path to the same operation is not a tool of its own.
    if (tool === undefined || handledBy !== undefined || deprecated === true) return []
    return [toServed(bound, tool)]
  })
  const tools = [...Map.groupBy(served, ({ tool }) => tool.name).values()].map(toOffered)
  if (tools.length > toolsMax) throw new Error(`${service} has more than ${toolsMax} tools`)
  return tools
}

function toOffered([first, ...others]: readonly ServedTool[]): OfferedTool {
  if (first === undefined) throw new Error('A tool has an operation')
  const { endpoint, scope, tool, inputSchema } = first
  const { name, annotations, description } = tool
  const { summary } = endpoint
  const own = { name, scope, annotations, forms: [first, ...others] as const }
  if (others.length === 0)
    return {
      ...own,
      title: summary,
      description: [summary, description ?? endpoint.description ?? []].flat().join('. '),
      inputSchema,
    }
  const forms = own.forms.map((form) => {
    const { what } = form.tool
    if (what === undefined || form.scope !== scope || !form.tool.annotations.readOnlyHint)
      throw new Error(`What is offered as ${name} must say what it is, change nothing, and have one scope`)
    return { what, means: form.endpoint.summary, inputSchema: form.inputSchema }
  })
  if (new Set(forms.map(({ what }) => what)).size !== forms.length)
    throw new Error(`Two tools are ${name}, and do not say what sets them apart`)
  const title = description ?? forms.map(({ means }) => means).join('; ')
  return { ...own, title, description: title, inputSchema: toInputSchemaOfSeveral(forms) }
}

function toServed(bound: BoundEndpoint, tool: Tool): ServedTool {
  const { endpoint } = bound
  const { name, annotations, preview } = tool
  const scope = scopeOf(endpoint, tool)
  if (!/^[a-z][a-z0-9_]{2,63}$/.test(name)) throw new Error(`${name} is no name for a tool`)
  if (!('schema' in endpoint.reply)) throw new Error(`The tool ${name} must answer with JSON`)
  if (annotations.readOnlyHint !== (preview === undefined))
    throw new Error(`The tool ${name} needs a preview if, and only if, it changes something`)
  const [params, query] = [namesOf(endpoint.params), namesOf(endpoint.query)]
  return { ...bound, tool, scope, inputSchema: toInputSchema(endpoint, tool), params, query }
}

function scopeOf({ access, path }: Endpoint, tool: Tool): Scope {
  const scope = access.kind === 'key' ? access.scope : tool.scope
  if (scope === undefined) throw new Error(`The tool at ${path} needs a scope`)
  return scope
}

function namesOf(schema: z.ZodType | undefined): ReadonlySet<string> {
  if (schema === undefined) return new Set()
  if (!(schema instanceof z.ZodObject)) throw new Error('What a tool takes beside its body must be an object')
  return new Set(Object.keys(schema.shape))
}
