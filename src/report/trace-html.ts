export function traceHtml(_traces: unknown, _about: unknown): string {
  return ''
}
