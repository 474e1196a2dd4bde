/** Reads XML as strictly as an SVG file requires: each tag closed, each attribute quoted, no stray markup. */

/** An element, in the order of the opening tags. */
export interface XmlElement {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  /** Its own text, without the text of inner elements. */
  text: string
}

const TOKEN = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y

/** The elements of a document. @throws {Error} if it is not well formed */
export function elementsOf(document: string): XmlElement[] {
  const elements: XmlElement[] = []
  const open: XmlElement[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(document)
    if (match === null) throw new Error(`not XML: ${document.slice(at, at + 60)}`)
    const [, closing, name, attributes = '', empty, text] = match
    if (text !== undefined) {
      const plain = unescaped(text)
      if (open.length > 0) open.at(-1)!.text += plain
      else if (plain.trim() !== '') throw new Error(`text outside the root: ${plain}`)
    } else if (closing === '/') {
      const closed = open.pop()
      if (closed?.name !== name) throw new Error(`</${name}> closes <${closed?.name}>`)
    } else {
      if (open.length === 0 && elements.length > 0) throw new Error(`a second root <${name}>`)
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, unescaped(value!)])
      const element = { name: name!, attributes: Object.fromEntries(pairs), text: '' }
      elements.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)!.name}> is not closed`)
  return elements
}

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"' }

function unescaped(text: string): string {
  return text.replaceAll(/&(\w*);?/g, (entity, name: string) => {
    if (!entity.endsWith(';') || ENTITIES[name] === undefined) throw new Error(`not an entity: ${entity}`)
    return ENTITIES[name]
  })
}
