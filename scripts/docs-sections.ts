/** The sections of docs/reference that are generated: tables of commands, options and fields, and the list of errors. */
import { readFileSync } from 'node:fs'
import type { Command, Option } from 'commander'
import { programOf } from '../src/cli/command-line.ts'
import { ERRORS } from './error-entries.ts'
import { DOCUMENTS, PARTS, type Schema } from './schemas.ts'

const SECTIONS: readonly (readonly [pattern: RegExp, write: (name: string) => string])[] = [
  [/^commands$/, () => commands()],
  [/^options of (\w+(?: \w+)?)$/, options],
  [/^errors (KR\d)$/, errors],
  [/^fields of (\w+)$/, fields],
  [/^types of (\S+)$/, types],
]

/** The Markdown of a generated section. @throws {Error} if there is no such section */
export function section(name: string): string {
  for (const [pattern, write] of SECTIONS) {
    const match = pattern.exec(name)
    if (match !== null) return write(match[1] ?? '')
  }
  throw new Error(`no section is called "${name}"`)
}

/** The commands of the program. */
export function commandsOf(): readonly Command[] {
  return programOf(() => {}).commands
}

/** The options of a command, except `--help`. */
export function optionsOf(name: string): readonly Option[] {
  const [first, second] = name.split(' ')
  const outer = commandsOf().find((it) => it.name() === first)
  const command = second === undefined ? outer : outer?.commands.find((it) => it.name() === second)
  if (command === undefined) throw new Error(`no command is called "${name}"`)
  return command.options.filter(({ hidden }) => !hidden)
}

function commands(): string {
  const rows = commandsOf().map((command) => {
    const values = command.registeredArguments.map((it) => {
      const name = it.variadic ? `${it.name()}...` : it.name()
      return it.required ? `<${name}>` : `[${name}]`
    })
    const synopsis = `kripke ${[command.name(), ...values].join(' ')}`
    return [`[\`${synopsis}\`](#kripke-${command.name()})`, brief(command.description())]
  })
  return table([['command', 'does'], ...rows])
}

function options(name: string): string {
  const rows = optionsOf(name).map((option) => [`\`${option.flags}\``, meaningOf(option)])
  if (rows.length === 0) return 'This command does not have options.'
  return table([['option', 'does'], ...rows])
}

/** As in `--help`. */
function meaningOf({ description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const hasDefault = defaultValue !== undefined && defaultValue !== false
  const extra = [
    ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
    ...(hasDefault ? [`default: ${defaultValueDescription ?? String(defaultValue)}`] : []),
  ]
  return extra.length === 0 ? brief(description) : `${brief(description)} (${extra.join('; ')})`
}

/** A longer cell makes the whole table too wide for a terminal. */
const MAX_CELL = 100

/** The text, or its first clause if the text is long. */
function brief(text: string): string {
  return text.length <= MAX_CELL ? text : text.replace(/[.:] .*$/s, '')
}

function errors(layer: string): string {
  const entries = Object.entries(ERRORS).filter(([code]) => code.startsWith(layer))
  return entries.map(([code, { meaning, remedy }]) => `### ${code}\n\n${meaning}.\n\n**To do:** ${remedy}`).join('\n\n')
}

/** The exported types of a source file. */
function types(path: string): string {
  const blocks = readFileSync(path, 'utf8').split('\n\n')
  const exported = blocks.filter((block) => /^export (?:interface|type) /m.test(block))
  return `\`\`\`ts\n${exported.join('\n\n').trim()}\n\`\`\``
}

function fields(name: string): string {
  const schema = PARTS[name] ?? DOCUMENTS[name]?.schema
  if (schema === undefined) throw new Error(`no document or part of one is called "${name}"`)
  const required = schema['required'] as readonly string[]
  const rows = Object.entries(schema['properties'] as { readonly [name: string]: Schema }).map(([field, it]) => [
    `\`${field}\`${required.includes(field) ? '' : ' ?'}`,
    typeText(it),
    meaningOfField(it),
  ])
  return table([['field', 'type', 'meaning'], ...rows])
}

/** The description, or that of the part that the field holds. */
function meaningOfField(schema: Schema): string {
  const { description, $ref } = schema as { readonly description?: string; readonly $ref?: string }
  const text = description ?? partOf($ref ?? '')?.['description'] ?? ''
  return `${text as string}${valuesText(schema)}`
}

/** More values than this need a table of their own. */
const MAX_VALUES = 8

function valuesText({ enum: values, examples = values }: Schema): string {
  return Array.isArray(examples) && examples.length <= MAX_VALUES
    ? ` Values: ${examples.map((it) => `\`${it}\``).join(', ')}.`
    : ''
}

function partOf(reference: string): Schema | undefined {
  return PARTS[nameOf(reference)]
}

function nameOf(reference: string): string {
  return reference.replace('#/$defs/', '')
}

function typeText(schema: Schema): string {
  const { $ref, type, items, anyOf } = schema as {
    $ref?: string
    type?: string | string[]
    items?: Schema
    anyOf?: Schema[]
  }
  if ($ref !== undefined) return nameOf($ref)
  if (schema['enum'] !== undefined || typeof schema['const'] === 'string') return 'text'
  if (schema['const'] !== undefined) return 'boolean'
  if (type === 'array') return items?.['anyOf'] === undefined ? `list of ${typeText(items!)}` : 'list'
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(' or ')
  if (type === undefined) return 'any'
  const names: { readonly [type: string]: string } = { string: 'text', object: 'object' }
  return [type]
    .flat()
    .map((it) => names[it] ?? it)
    .join(' or ')
}

/** A table; prettier aligns its columns. */
function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
  return [lines[0], `|${rows[0]!.map(() => ' --- |').join('')}`, ...lines.slice(1)].join('\n')
}
