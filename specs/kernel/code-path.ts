/**
 * Code paths that differ from design to design: by their steps, or by the order of these.
 *
 * A path is a list of labels; a thread declares the labels of all designs, and at a label that the path does not have there is no step.
 */

/** The label after this one of the path, or undefined if it is the last. */
export const labelAfter = <Label extends string>(path: readonly Label[], label: NoInfer<Label>): Label | undefined =>
  path[path.indexOf(label) + 1]

/** What is done at a label: the step, if the path has it, and else nothing. */
export const stepOf = <Label extends string, Step>(path: readonly Label[], label: NoInfer<Label>, step: Step) =>
  path.includes(label) ? step : {}
