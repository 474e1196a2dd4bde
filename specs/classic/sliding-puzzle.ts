/**
 * Sliding puzzles: pieces slide into empty places of a board until they lie as they should.
 *
 *     klotski  ten pieces; the large one has to get to the exit at the bottom
 *     pennant  nine pieces; the large one has to get from the top left to the bottom left
 *     ma       nine pieces; the two bent ones have to meet at the top right
 *     eight    eight numbered tiles, which have to be sorted
 *     five     five numbered tiles, which have to be sorted
 *
 * A step moves a piece by one place. Pieces of the same shape are alike, except for numbered tiles: swapping them gives
 * the same state. The board says for each place which part of a piece covers it. So a step reads only the places that
 * the piece leaves or enters.
 *
 * The goal is the solution, and --witness shows a shortest one. Books count a move around a corner, or by two places, as
 * one move: they need 81 moves for Klotski. That is 116 steps.
 *
 * Source: M. Ryndzionek, tlaplus/Examples, specifications/SlidingPuzzles. Its README.md says that TLC finds 25,955 states
 * of Klotski, 1,398 of Pennant and 110,804 of Ma's puzzle. Half of all orders of numbered tiles are reachable: 181,440
 * for eight tiles, each within 31 steps of the sorted one (OEIS A089473).
 */
import { action, constant, mapOf, model, oneOf, range, schema, spec } from 'kripke'

/** Boards, and where pieces must lie in the end. Equal letters are one piece, a dot is an empty place. */
const PUZZLES: { readonly [puzzle: string]: { readonly begin: readonly string[]; readonly end: readonly string[] } } = {
  klotski: {
    begin: ['abbc', 'abbc', 'deef', 'dghf', 'i..j'],
    end: ['????', '????', '????', '?bb?', '?bb?'],
  },
  pennant: {
    begin: ['aabb', 'aacc', 'de..', 'fghh', 'fgii'],
    end: ['????', '????', '????', 'aa??', 'aa??'],
  },
  ma: {
    begin: ['aaabb', 'ccddb', 'effgg', 'eehhh', '..i..'],
    end: ['???bb', '???eb', '???ee', '?????', '?????'],
  },
  eight: { begin: ['867', '254', '3.1'], end: ['123', '456', '78.'] },
  five: { begin: ['45.', '123'], end: ['123', '45.'] },
}

const DIRECTIONS = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] } as const

type Place = readonly [row: number, column: number]

/** The places of a letter, from the top left to the bottom right. */
const placesOf = (picture: readonly string[], letter: string): readonly Place[] =>
  picture.flatMap((line, row) => [...line].flatMap((it, column) => (it === letter ? [[row, column] as const] : [])))

export default spec({
  name: 'sliding-puzzle',
  doc: 'The goal is the solution of the puzzle.',
  constants: {
    puzzle: constant(oneOf('klotski', 'pennant', 'ma', 'eight', 'five'), 'klotski', 'the puzzle to solve'),
  },
  model: ({ puzzle }) => {
    const { begin, end } = PUZZLES[puzzle]!
    const letters = [...new Set(begin.join('').replaceAll('.', ''))]

    /** The places of a piece, relative to its first place. */
    const shapeOf = (letter: string): readonly Place[] => {
      const places = placesOf(begin, letter)
      return places.map(([row, column]) => [row - places[0]![0], column - places[0]![1]])
    }
    /** A piece is named by the first letter of its shape. A numbered tile has its own name. */
    const nameOf = (letter: string) =>
      /\d/.test(letter) ? letter : letters.find((other) => `${shapeOf(other)}` === `${shapeOf(letter)}`)!
    const names = letters.filter((letter) => nameOf(letter) === letter)

    const Part = oneOf('empty', ...names.flatMap((name) => shapeOf(name).map((_, index) => `${name}${index + 1}`)))
    const Row = range(0, begin.length - 1)
    const Column = range(0, begin[0]!.length - 1)
    const State = schema({ board: mapOf(Row, mapOf(Column, Part)) })
    type State = ReturnType<typeof State>

    const partAt = (s: State, [row, column]: Place) => s.board.get(row)?.get(column)
    const covered = (letter: string, picture: readonly string[]) =>
      placesOf(picture, letter).map((place, index) => ({ place, part: `${nameOf(letter)}${index + 1}` }))

    return model(State, {
      init: letters
        .flatMap((letter) => covered(letter, begin))
        .reduce((s, { place: [row, column], part }) => s.setIn(['board', row, column], part), State()),
      actions: {
        /** Moves the piece whose first place is the given one. */
        slide: action(
          { row: Row, column: Column, direction: oneOf('up', 'down', 'left', 'right') },
          (s, { row, column, direction }) => {
            const name = names.find((it) => partAt(s, [row, column]) === `${it}1`)
            if (name === undefined) return undefined
            const from = shapeOf(name).map(([down, right]) => [row + down, column + right] as const)
            const [down, right] = DIRECTIONS[direction]
            const to = from.map(([r, c]) => [r + down, c + right] as const)
            const isOwn = ([r, c]: Place) => from.some((place) => place[0] === r && place[1] === c)
            if (!to.every((place) => isOwn(place) || partAt(s, place) === 'empty')) return undefined
            const lifted = from.reduce((t, [r, c]) => t.setIn(['board', r, c], 'empty'), s)
            return to.reduce((t, [r, c], index) => t.setIn(['board', r, c], `${name}${index + 1}`), lifted)
          },
        ),
      },
      goals: {
        solved: (s) =>
          letters.every((letter) => covered(letter, end).every(({ place, part }) => partAt(s, place) === part)),
      },
    })
  },
})
