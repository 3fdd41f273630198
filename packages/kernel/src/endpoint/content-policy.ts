type Source =
  | 'script-src'
  | 'style-src'
  | 'img-src'
  | 'connect-src'
  | 'font-src'
  | 'frame-src'
  | 'form-action'

/**
 * A Content-Security-Policy that lets in what it names and nothing else. Trusted Types without a single policy: no text ever
 * becomes markup or code in a page, whatever a script of ours does (H4).
 */
export function contentPolicy(letIn: Readonly<Partial<Record<Source, string>>> = {}): string {
  const { 'form-action': formAction = "'none'", ...others } = letIn
  return [
    "default-src 'none'",
    ...Object.entries(others).map(([name, sources]) => `${name} ${sources}`),
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}
