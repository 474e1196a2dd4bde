/** Checks the bodies of requests, which come from outside. */
import { badOption } from '../../../errors.ts'
import { SAVE_FORMATS } from '../protocol.ts'

interface Field {
  /** The value of a field that is absent. */
  readonly absent: unknown
  readonly must: string
  isValid(value: unknown): boolean
}

/** Random steps of one request. */
const MAX_RANDOM = 1000

const isText = (value: unknown): boolean => typeof value === 'string'
const isIndex = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

const INDEX = { absent: undefined, must: 'be the index of an entry', isValid: isIndex }
const NAME = { absent: '', must: 'be a text', isValid: isText }

/** The first one if the field is absent. */
function oneOf(...names: readonly string[]): Field {
  return { absent: names[0], must: `be one of ${names.join(', ')}`, isValid: (it) => names.includes(it as string) }
}

/** The fields of all requests. */
const FIELDS: { readonly [name: string]: Field } = {
  constants: {
    absent: {},
    must: 'be an object of texts',
    isValid: (it) => isObject(it) && Object.values(it).every(isText),
  },
  path: { absent: [], must: 'be a list of names', isValid: isList },
  at: INDEX,
  loop: INDEX,
  property: NAME,
  format: oneOf(...SAVE_FORMATS),
  steps: {
    absent: 1,
    must: `be a number from 1 to ${MAX_RANDOM}`,
    isValid: (it) => isIndex(it) && (it as number) >= 1 && (it as number) <= MAX_RANDOM,
  },
  expression: NAME,
  until: oneOf('expression', 'violation', 'here'),
  from: oneOf('start', 'here'),
  how: oneOf('shortest', 'random'),
  version: { absent: 0, must: 'be a number', isValid: isIndex },
  scope: oneOf('around', 'whole'),
  project: { absent: [], must: 'be a list of names', isValid: isList },
  vary: { absent: [], must: 'be a list of names', isValid: isList },
  node: { ...INDEX, absent: 0, must: 'be the index of a node' },
  seed: { absent: 1, must: 'be a whole number', isValid: Number.isSafeInteger },
}

/** The fields of a request's body. @throws {CheckerError} KR101 for a value of the wrong type */
export function requireBody(body: unknown): object {
  const given = (isObject(body) ? body : {}) as { readonly [name: string]: unknown }
  return Object.fromEntries(
    Object.entries(FIELDS).map(([name, { absent, must, isValid }]) => {
      const value = given[name] ?? absent
      if (value !== absent && !isValid(value)) throw badOption(`"${name}" must ${must}, but is not`)
      return [name, value]
    }),
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
