type Source =
  | 'script-src'
  | 'style-src'
  | 'img-src'
  | 'connect-src'
  | 'font-src'
  | 'frame-src'
  | 'form-action'

/**
 * A Content-Security-Policy that allows the named sources and nothing else. It enforces Trusted Types without any
 * policy, so that no script, ours included, can turn text into markup or code (H4).
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
